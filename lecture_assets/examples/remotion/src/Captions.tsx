import { AbsoluteFill, useCurrentFrame, useVideoConfig } from "remotion";
import type { Timeline } from "./timeline";

const SHARES = { small: 24, medium: 19, large: 15 };

// The line that is spoken, with the current word in amber. Words are runs of one line, so that the browser orders them from right
// to left where the line's letters are.
export const Captions = ({ timeline }: { timeline: Timeline }) => {
  const frame = useCurrentFrame();
  const { fps, width, height } = useVideoConfig();
  const style = timeline.caption_style ?? { display: "burned", place: "bottom", size: "medium" };
  const now = ((2 * frame + 1) * 500) / fps;
  const caption = timeline.segments
    .flatMap((segment) => segment.captions)
    .find((line) => line.start_ms <= now && now < line.end_ms);
  if (style.display !== "burned" || !caption) return null;
  const current = caption.words.findLastIndex((word) => word.start_ms <= now);
  const size = Math.floor(Math.min(width, height) / SHARES[style.size]);
  const margin = (height * (height > width ? 14 : 6)) / 100;
  return (
    <AbsoluteFill
      style={{
        justifyContent: style.place === "top" ? "flex-start" : "flex-end",
        alignItems: "center",
        padding: `${margin}px ${(width * 7) / 100}px`,
      }}
    >
      <div
        dir={timeline.direction ?? "auto"}
        lang={timeline.language}
        style={{
          background: "rgba(14, 17, 24, 0.69)",
          borderRadius: size * 0.42,
          color: "#fafaf8",
          fontSize: size,
          fontWeight: 600,
          lineHeight: 1.32,
          padding: `${size * 0.25}px ${size * 0.65}px`,
          textAlign: "center",
          textWrap: "balance",
        }}
      >
        {caption.words.map((word, place) => (
          <span key={place} style={place === current ? { color: "#ffcd5c" } : undefined}>
            {place === 0 || word.no_space_before ? "" : " "}
            {word.text}
          </span>
        ))}
      </div>
    </AbsoluteFill>
  );
};
