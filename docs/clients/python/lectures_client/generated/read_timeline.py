from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import TimelinePart
from .fragments import Medium


class ReadTimeline(BaseModel):
    lecture: Optional["ReadTimelineLecture"]


class ReadTimelineLecture(BaseModel):
    version: int
    published_version: int = Field(alias="publishedVersion")
    timeline: "ReadTimelineLectureTimeline"


class ReadTimelineLectureTimeline(BaseModel):
    schema_: str = Field(alias="schema")
    fps: int
    width: int
    height: int
    duration_in_frames: int = Field(alias="durationInFrames")
    assembly_strategy: str = Field(alias="assemblyStrategy")
    title: "ReadTimelineLectureTimelineTitle"
    segments: list["ReadTimelineLectureTimelineSegments"]
    music: "ReadTimelineLectureTimelineMusic"


class ReadTimelineLectureTimelineTitle(BaseModel):
    type_: TimelinePart = Field(alias="type")
    start_frame: int = Field(alias="startFrame")
    duration_in_frames: int = Field(alias="durationInFrames")
    text: Optional[str]
    display: Optional[str]
    fade_in_frames: Optional[int] = Field(alias="fadeInFrames")
    fade_out_frames: Optional[int] = Field(alias="fadeOutFrames")
    colour: Optional[str]
    reason: Optional[str]


class ReadTimelineLectureTimelineSegments(BaseModel):
    slot: str
    position: int
    start_frame: int = Field(alias="startFrame")
    duration_in_frames: int = Field(alias="durationInFrames")
    effect: str
    background_music: str = Field(alias="backgroundMusic")
    layers: list["ReadTimelineLectureTimelineSegmentsLayers"]
    narration: "ReadTimelineLectureTimelineSegmentsNarration"
    captions: list["ReadTimelineLectureTimelineSegmentsCaptions"]


class ReadTimelineLectureTimelineSegmentsLayers(BaseModel):
    type_: TimelinePart = Field(alias="type")
    start_frame: int = Field(alias="startFrame")
    duration_in_frames: int = Field(alias="durationInFrames")
    fade_in_frames: int = Field(alias="fadeInFrames")
    fade_out_frames: Optional[int] = Field(alias="fadeOutFrames")
    media: Optional["ReadTimelineLectureTimelineSegmentsLayersMedia"]
    fit: Optional[str]
    image: Optional[int]
    motion: Optional["ReadTimelineLectureTimelineSegmentsLayersMotion"]
    source_duration_ms: Optional[int] = Field(alias="sourceDurationMs")
    source_start_ms: Optional[int] = Field(alias="sourceStartMs")
    playback_rate_permille: Optional[int] = Field(alias="playbackRatePermille")
    after_end: Optional[str] = Field(alias="afterEnd")
    medium: Optional[TimelinePart]
    reason: Optional[str]


class ReadTimelineLectureTimelineSegmentsLayersMedia(Medium):
    pass


class ReadTimelineLectureTimelineSegmentsLayersMotion(BaseModel):
    from_: "ReadTimelineLectureTimelineSegmentsLayersMotionFrom" = Field(alias="from")
    to: "ReadTimelineLectureTimelineSegmentsLayersMotionTo"


class ReadTimelineLectureTimelineSegmentsLayersMotionFrom(BaseModel):
    scale_permille: int = Field(alias="scalePermille")
    x_permille: int = Field(alias="xPermille")
    y_permille: int = Field(alias="yPermille")


class ReadTimelineLectureTimelineSegmentsLayersMotionTo(BaseModel):
    scale_permille: int = Field(alias="scalePermille")
    x_permille: int = Field(alias="xPermille")
    y_permille: int = Field(alias="yPermille")


class ReadTimelineLectureTimelineSegmentsNarration(BaseModel):
    type_: TimelinePart = Field(alias="type")
    start_frame: int = Field(alias="startFrame")
    duration_in_frames: int = Field(alias="durationInFrames")
    start_ms: int = Field(alias="startMs")
    duration_ms: int = Field(alias="durationMs")
    media: Optional["ReadTimelineLectureTimelineSegmentsNarrationMedia"]
    gain_millibel: Optional[int] = Field(alias="gainMillibel")
    reason: Optional[str]


class ReadTimelineLectureTimelineSegmentsNarrationMedia(Medium):
    pass


class ReadTimelineLectureTimelineSegmentsCaptions(BaseModel):
    text: str
    start_ms: int = Field(alias="startMs")
    end_ms: int = Field(alias="endMs")
    words: list["ReadTimelineLectureTimelineSegmentsCaptionsWords"]


class ReadTimelineLectureTimelineSegmentsCaptionsWords(BaseModel):
    text: str
    start_ms: int = Field(alias="startMs")
    end_ms: int = Field(alias="endMs")


class ReadTimelineLectureTimelineMusic(BaseModel):
    type_: TimelinePart = Field(alias="type")
    start_frame: int = Field(alias="startFrame")
    duration_in_frames: int = Field(alias="durationInFrames")
    media: Optional["ReadTimelineLectureTimelineMusicMedia"]
    source_duration_ms: Optional[int] = Field(alias="sourceDurationMs")
    after_end: Optional[str] = Field(alias="afterEnd")
    gain_millibel: Optional[int] = Field(alias="gainMillibel")
    parts: list["ReadTimelineLectureTimelineMusicParts"]
    envelope: list["ReadTimelineLectureTimelineMusicEnvelope"]
    reason: Optional[str]


class ReadTimelineLectureTimelineMusicMedia(Medium):
    pass


class ReadTimelineLectureTimelineMusicParts(BaseModel):
    start_frame: int = Field(alias="startFrame")
    duration_in_frames: int = Field(alias="durationInFrames")
    source_start_ms: int = Field(alias="sourceStartMs")
    fade_in_frames: int = Field(alias="fadeInFrames")
    fade_out_frames: int = Field(alias="fadeOutFrames")


class ReadTimelineLectureTimelineMusicEnvelope(BaseModel):
    frame: int
    gain_permille: int = Field(alias="gainPermille")


ReadTimeline.model_rebuild()
ReadTimelineLecture.model_rebuild()
ReadTimelineLectureTimeline.model_rebuild()
ReadTimelineLectureTimelineSegments.model_rebuild()
ReadTimelineLectureTimelineSegmentsLayers.model_rebuild()
ReadTimelineLectureTimelineSegmentsLayersMotion.model_rebuild()
ReadTimelineLectureTimelineSegmentsNarration.model_rebuild()
ReadTimelineLectureTimelineSegmentsCaptions.model_rebuild()
ReadTimelineLectureTimelineMusic.model_rebuild()
