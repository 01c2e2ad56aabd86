import type { CSSProperties } from "react";
import { AbsoluteFill, Freeze, Img, OffthreadVideo, Sequence, staticFile, useCurrentFrame, useVideoConfig } from "remotion";
import type { Layer, View } from "./timeline";

export type Shown = { layer: Layer; until: number };

const FILL: CSSProperties = { width: "100%", height: "100%" };

const between = (from: number, to: number, share: number) => from + (to - from) * share;

const transform = ({ from, to }: { from: View; to: View }, share: number) => {
  const [x, y, scale] = (["x_permille", "y_permille", "scale_permille"] as const).map((key) => between(from[key], to[key], share));
  return `translate(${x / 10}%, ${y / 10}%) scale(${scale / 1000})`;
};

const Medium = ({ layer, fit }: { layer: Layer; fit: "cover" | "contain" }) => {
  const { fps } = useVideoConfig();
  const style: CSSProperties = { ...FILL, objectFit: fit };
  const src = staticFile(layer.src ?? "");
  if (layer.type === "image") return <Img src={src} style={style} />;
  const rate = (layer.playback_rate_permille ?? 1000) / 1000;
  const last = Math.max(0, Math.floor(((layer.source_duration_ms ?? 0) * fps) / 1000) - 1);
  const first = Math.min(last, Math.round(((layer.source_start_ms ?? 0) * fps) / 1000));
  const playing = rate ? Math.floor((last - first) / rate) : 0;
  const frame = useCurrentFrame();
  return (
    <Freeze frame={playing} active={frame > playing}>
      <OffthreadVideo muted src={src} trimBefore={first} playbackRate={rate || 1} style={style} />
    </Freeze>
  );
};

const Fitted = ({ layer }: { layer: Layer }) => {
  const frame = useCurrentFrame();
  const last = Math.max(1, layer.duration_in_frames - 1);
  const moved = layer.motion ? { transform: transform(layer.motion, Math.min(frame, last) / last) } : {};
  if (layer.type === "missing") return <AbsoluteFill style={{ backgroundColor: "#232834" }} />;
  if (layer.fit !== "contain") {
    return (
      <AbsoluteFill style={moved}>
        <Medium layer={layer} fit="cover" />
      </AbsoluteFill>
    );
  }
  return (
    <AbsoluteFill style={{ overflow: "hidden" }}>
      <AbsoluteFill style={{ filter: "blur(48px) brightness(0.55)", transform: "scale(1.1)" }}>
        <Medium layer={layer} fit="cover" />
      </AbsoluteFill>
      <AbsoluteFill style={moved}>
        <Medium layer={layer} fit="contain" />
      </AbsoluteFill>
    </AbsoluteFill>
  );
};

const eased = (share: number) => share * share * (3 - 2 * share);

const Faded = ({ layer }: { layer: Layer }) => {
  const frame = useCurrentFrame();
  const share = Math.min(1, (frame + 1) / (layer.fade_in_frames + 1));
  const fadeOut = layer.fade_out_frames ?? 0;
  const left = fadeOut ? Math.max(0, Math.min(1, (layer.duration_in_frames - 1 - frame) / fadeOut)) : 1;
  return (
    <AbsoluteFill style={{ opacity: eased(share) }}>
      <Fitted layer={layer} />
      {left < 1 ? <AbsoluteFill style={{ backgroundColor: "black", opacity: 1 - eased(left) }} /> : null}
    </AbsoluteFill>
  );
};

export const Picture = ({ layer, until }: Shown) => (
  <Sequence from={layer.start_frame} durationInFrames={Math.max(1, until - layer.start_frame)} name={layer.alt ?? layer.src}>
    <Faded layer={layer} />
  </Sequence>
);
