import { AbsoluteFill } from "remotion";
import { Captions } from "./Captions";
import { Picture, type Shown } from "./Picture";
import { Music, Speech } from "./Sound";
import { TitleCard } from "./TitleCard";
import { end, type Timeline } from "./timeline";

// Each layer stays, at its last frame, until the one after it has faded in over it.
const shown = (timeline: Timeline): Shown[] => {
  const layers = timeline.segments.flatMap((segment) => segment.layers);
  return layers.map((layer, place) => {
    const after = layers[place + 1];
    return { layer, until: after ? Math.max(end(layer), after.start_frame + after.fade_in_frames) : end(layer) };
  });
};

export const Lecture = ({ timeline }: { timeline: Timeline }) => (
  <AbsoluteFill style={{ backgroundColor: "black", fontFamily: "'Noto Sans Variable', 'Noto Sans Arabic Variable', 'Noto Sans Hebrew Variable', sans-serif" }}>
    {shown(timeline).map((item) => (
      <Picture key={`${item.layer.start_frame} ${item.layer.src}`} {...item} />
    ))}
    <TitleCard title={timeline.title} />
    <Captions timeline={timeline} />
    {timeline.segments.map((segment) => (
      <Speech key={segment.slot} narration={segment.narration} />
    ))}
    <Music music={timeline.music} />
  </AbsoluteFill>
);
