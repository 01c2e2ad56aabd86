import { AbsoluteFill, Sequence, useCurrentFrame, useVideoConfig } from "remotion";
import { end, type Title } from "./timeline";

const Card = ({ title }: { title: Title }) => {
  const frame = useCurrentFrame();
  const { width, height } = useVideoConfig();
  const side = Math.min(width, height);
  const left = title.duration_in_frames - frame;
  const fadeIn = title.fade_in_frames ?? 9;
  const share = Math.min(1, fadeIn ? (frame + 1) / fadeIn : 1, left / (title.fade_out_frames ?? 18));
  // the letters stand around a line at 46 % of the height, the bar below them
  const size = Math.floor(side / 10);
  return (
    <AbsoluteFill style={{ background: title.display === "card" ? title.colour : "rgba(10, 13, 20, 0.667)", opacity: share }}>
      <div
        dir="auto"
        style={{
          color: "#fafaf8",
          fontSize: size,
          fontWeight: 750,
          left: "10%",
          lineHeight: 1.22,
          position: "absolute",
          right: "10%",
          textAlign: "center",
          textWrap: "balance",
          top: height * 0.46 + size * 0.07,
          transform: "translateY(-50%)",
        }}
      >
        {title.text}
        <div
          style={{
            background: "#ffcd5c",
            borderRadius: 3,
            height: Math.max(4, Math.floor(height / 160)),
            left: "50%",
            marginLeft: -side / 18,
            marginTop: size * 0.28,
            position: "absolute",
            top: "100%",
            width: side / 9,
          }}
        />
      </div>
    </AbsoluteFill>
  );
};

export const TitleCard = ({ title }: { title: Title }) =>
  title.type === "title" && title.display !== "none" && end(title) > title.start_frame ? (
    <Sequence from={title.start_frame} durationInFrames={title.duration_in_frames} name="title">
      <Card title={title} />
    </Sequence>
  ) : null;
