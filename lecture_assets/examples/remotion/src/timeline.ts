// The parts of timeline.json (`lecture-timeline/1`) that are seen and heard. Optional keys have the defaults of their schema.

export type View = { scale_permille: number; x_permille: number; y_permille: number };

export type Layer = {
  type: "image" | "video" | "missing";
  start_frame: number;
  duration_in_frames: number;
  fade_in_frames: number;
  fade_out_frames?: number;
  src?: string;
  alt?: string;
  fit?: "cover" | "contain";
  motion?: { from: View; to: View };
  source_duration_ms?: number;
  source_start_ms?: number;
  playback_rate_permille?: number;
  reason?: string;
};

export type Word = { text: string; start_ms: number; end_ms: number; no_space_before?: boolean; hyphenated?: boolean };
export type Caption = Word & { words: Word[] };

export type Narration = {
  type: "audio" | "missing";
  start_ms: number;
  duration_ms: number;
  start_frame: number;
  duration_in_frames: number;
  src?: string;
  gain_millibel?: number;
};

export type Segment = {
  slot: string;
  start_frame: number;
  duration_in_frames: number;
  layers: Layer[];
  narration: Narration;
  captions: Caption[];
};

export type MusicPart = {
  start_frame: number;
  duration_in_frames: number;
  source_start_ms: number;
  fade_in_frames: number;
  fade_out_frames: number;
};

export type Music = {
  type: "audio" | "missing" | "none";
  start_frame: number;
  duration_in_frames: number;
  src?: string;
  source_duration_ms?: number;
  gain_millibel?: number;
  envelope?: { frame: number; gain_permille: number }[];
  parts?: MusicPart[];
};

export type Title = {
  type: "title" | "missing";
  start_frame: number;
  duration_in_frames: number;
  text?: string;
  display?: "over" | "card" | "none";
  fade_in_frames?: number;
  fade_out_frames?: number;
  colour?: string;
};

export type Timeline = {
  fps: number;
  width: number;
  height: number;
  duration_in_frames: number;
  language?: string;
  direction?: "ltr" | "rtl";
  caption_style?: { display: "burned" | "soft" | "off"; place: "bottom" | "top"; size: "small" | "medium" | "large" };
  title: Title;
  segments: Segment[];
  music: Music;
};

export const end = (item: { start_frame: number; duration_in_frames: number }) => item.start_frame + item.duration_in_frames;
export const gain = (millibel = 0) => 10 ** (millibel / 2000);
