import { Html5Audio, Sequence, interpolate, staticFile, useVideoConfig } from "remotion";
import { type Music as Track, type MusicPart, type Narration, end, gain } from "./timeline";

export const Speech = ({ narration }: { narration: Narration }) => {
  const { fps } = useVideoConfig();
  if (narration.type !== "audio") return null;
  const from = Math.round((narration.start_ms * fps) / 1000);
  return (
    <Sequence from={from} durationInFrames={Math.max(1, Math.ceil((narration.duration_ms * fps) / 1000))} name="speech">
      <Html5Audio src={staticFile(narration.src ?? "")} volume={gain(narration.gain_millibel)} />
    </Sequence>
  );
};

// A timeline without parts repeats a piece that is too short from its beginning.
const repeats = (music: Track, fps: number): MusicPart[] => {
  const length = Math.max(1, Math.floor(((music.source_duration_ms ?? 1) * fps) / 1000));
  const starts = Array.from({ length: Math.ceil(music.duration_in_frames / length) }, (_, place) => music.start_frame + place * length);
  return starts.map((start) => ({
    start_frame: start,
    duration_in_frames: Math.min(length, end(music) - start),
    source_start_ms: 0,
    fade_in_frames: 0,
    fade_out_frames: 0,
  }));
};

export const Music = ({ music }: { music: Track }) => {
  const { fps } = useVideoConfig();
  if (music.type !== "audio") return null;
  const envelope = music.envelope ?? [];
  const volume = (frame: number) =>
    envelope.length < 2
      ? 1
      : interpolate(
          frame,
          envelope.map((point) => point.frame),
          envelope.map((point) => point.gain_permille / 1000),
          { extrapolateLeft: "clamp", extrapolateRight: "clamp" },
        );
  return (music.parts ?? repeats(music, fps)).map((part) => {
    const crossed = (frame: number) => {
      const into = part.fade_in_frames ? Math.min(1, frame / part.fade_in_frames) : 1;
      const out = part.fade_out_frames ? Math.min(1, (part.duration_in_frames - frame) / part.fade_out_frames) : 1;
      return Math.sin((Math.PI / 2) * into) * Math.sin((Math.PI / 2) * Math.max(0, out));
    };
    return (
      <Sequence key={part.start_frame} from={part.start_frame} durationInFrames={part.duration_in_frames} name="music">
        <Html5Audio
          src={staticFile(music.src ?? "")}
          trimBefore={Math.round((part.source_start_ms * fps) / 1000)}
          volume={(frame) => gain(music.gain_millibel) * volume(part.start_frame + frame) * crossed(frame)}
        />
      </Sequence>
    );
  });
};
