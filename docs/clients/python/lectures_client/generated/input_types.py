from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class LectureBriefInput(BaseModel):
    """What a new lecture is to be. Whatever is left out has its default."""

    prompt: Optional[str] = None
    "What it is about: at most 20,000 characters. Needed unless there are notes."
    notes: Optional[str] = None
    "Source notes: at most 100,000 characters."
    title: Optional[str] = None
    "A title of one's own: at most 200 characters. Without one, a model writes it."
    audience: Optional[str] = None
    "Who it is for: at most 2,000 characters."
    language: Optional[str] = None
    "A language tag, like en or pt-BR."
    duration: Optional[int] = None
    "Seconds, from 3 to 7200."
    segment_length: Optional[int] = Field(alias="segmentLength", default=None)
    "Seconds, from 3 to 120."
    num_segments: Optional[int] = Field(alias="numSegments", default=None)
    "From 1 to 99. Without it, duration / segmentLength decides."
    images_per_segment: Optional[int] = Field(alias="imagesPerSegment", default=None)
    "From 1 to 4."
    image_style: Optional[str] = Field(alias="imageStyle", default=None)
    "How pictures look: at most 2,000 characters."
    aspect_ratio: Optional[str] = Field(alias="aspectRatio", default=None)
    "The shape of the picture, like 16:9."
    use_video: Optional[bool] = Field(alias="useVideo", default=None)
    "Whether segments show video clips instead of pictures."
    assembly_strategy: Optional[str] = Field(alias="assemblyStrategy", default=None)
    "`narration-led` or `fixed-length`."
    voice: Optional[str] = None
    "The name of a voice."
    lexicon: Optional[list["LexiconEntryInput"]] = None
    "How words are said that the voice would say otherwise: at most 200 entries."
    system_prompt: Optional[str] = Field(alias="systemPrompt", default=None)
    "What every script is written by: at most 20,000 characters."
    music_prompt_mod: Optional[str] = Field(alias="musicPromptMod", default=None)
    "A wish for the music: at most 2,000 characters."
    music_volume: Optional[int] = Field(alias="musicVolume", default=None)
    "How loud the music is, in percent of its usual volume, from 0 (none, and none is bought) to 200."
    title_display: Optional[str] = Field(alias="titleDisplay", default=None)
    "How the title is shown: `over` the first pictures, alone as a `card`, or `none`."
    captions: Optional[str] = None
    "How captions are shown: `burned` into the picture, `soft` as a track that players switch, or `off`."
    caption_place: Optional[str] = Field(alias="captionPlace", default=None)
    "Where captions stand: `bottom` or `top`."
    caption_size: Optional[str] = Field(alias="captionSize", default=None)
    "How large captions are: `small`, `medium` or `large`."
    resolution: Optional[str] = None
    "How large the film is: `720p` or `1080p`."
    models: Optional["LectureModelsInput"] = None
    "The models to use instead of the usual ones."


class LexiconEntryInput(BaseModel):
    """How a word or phrase is said."""

    show: str
    "As it is shown: at most 100 characters. In lower case it is found in any case, with a capital only as written."
    say: str
    "As it is said: at most 200 characters."


class LectureModelsInput(BaseModel):
    """Models by role, as provider:model."""

    text: Optional[str] = None
    "Writes."
    speech: Optional[str] = None
    "Speaks."
    image: Optional[str] = None
    "Draws pictures."
    video: Optional[str] = None
    "Makes clips."
    music: Optional[str] = None
    "Composes."


class ImportedLectureInput(BaseModel):
    """A lecture that was made elsewhere."""

    title: str
    "The title."
    summary: Optional[str] = None
    "A summary; without one, the title."
    brief: Optional["LectureBriefInput"] = None
    "Its settings. What follows from the segments is not said: numSegments, imagesPerSegment, title."
    segments: list["ImportedSegmentInput"]
    "The segments in play order: 1 to 99."
    music: Optional["ImportedMediumInput"] = None
    "The music."


class ImportedSegmentInput(BaseModel):
    """A segment of a lecture that was made elsewhere."""

    narration: str
    "What is said."
    visual: Optional[str] = None
    "What is seen."
    background_music: Optional[str] = Field(alias="backgroundMusic", default=None)
    "The mood of the music."
    effect: Optional[str] = None
    "none, zoom-in, zoom-out, pan-left, pan-right or fade."
    recording: Optional["ImportedMediumInput"] = None
    "The narration spoken. Its prompt is the narration."
    images: Optional[list["ImportedMediumInput"]] = None
    "The pictures: at most 4."
    starting_image: Optional["ImportedMediumInput"] = Field(
        alias="startingImage", default=None
    )
    "The picture that the clip starts from."
    clip: Optional["ImportedMediumInput"] = None
    "The clip. Its prompt is what moves."


class ImportedMediumInput(BaseModel):
    """A medium of a lecture that was made elsewhere: uploaded before, or at a URL, or not there yet."""

    prompt: Optional[str] = None
    "What it was made from."
    upload: Optional[str] = None
    "The SHA-256 that `uploadMedium` answered."
    url: Optional[str] = None
    "An https:// URL to fetch it from, now."


class LectureEditInput(BaseModel):
    """One edit: exactly one of these fields."""

    set_: Optional["SetLectureInput"] = Field(alias="set", default=None)
    "Change settings."
    text: Optional["SetTextInput"] = None
    "Replace the text of a `content:` node with a person's own."
    medium: Optional["SetMediumInput"] = None
    "Replace the medium of an `asset:` node with a person's own."
    model: Optional["SetModelInput"] = None
    "Use another model for one node."
    reroll: Optional[str] = None
    "Buy another result of the node with this id, from the same inputs."
    choose_take: Optional["ChooseTakeInput"] = Field(alias="chooseTake", default=None)
    "Let an earlier take of a node count."
    unpin: Optional[str] = None
    "Let the made value of the node with this id count again."
    keep: Optional[str] = None
    "Settle the conflict of the node with this id: keep the person's value."
    merge: Optional[str] = None
    "Settle the conflict of the node with this id: merge both changes into one text."
    add_segment: Optional["AddSegmentInput"] = Field(alias="addSegment", default=None)
    "Add a segment."
    remove_segment: Optional[int] = Field(alias="removeSegment", default=None)
    "Take the segment with this slot out of the play order; what was made for it is kept."
    move_segment: Optional["MoveSegmentInput"] = Field(
        alias="moveSegment", default=None
    )
    "Move a segment."


class SetLectureInput(BaseModel):
    """Settings to change; whatever is left out stays."""

    prompt: Optional[str] = None
    "What the lecture is about; empty to remove it where there are notes."
    notes: Optional[str] = None
    "Source notes; empty to remove them where there is a prompt."
    title: Optional[str] = None
    "A title of one's own."
    audience: Optional[str] = None
    "Who it is for."
    language: Optional[str] = None
    "A language tag, like en or pt-BR."
    duration: Optional[int] = None
    "Seconds, from 3 to 7200."
    segment_length: Optional[int] = Field(alias="segmentLength", default=None)
    "Seconds, from 3 to 120."
    num_segments: Optional[int] = Field(alias="numSegments", default=None)
    "From 1 to 99; null so that duration / segmentLength decides again."
    images_per_segment: Optional[int] = Field(alias="imagesPerSegment", default=None)
    "From 1 to 4."
    image_style: Optional[str] = Field(alias="imageStyle", default=None)
    "How pictures look."
    aspect_ratio: Optional[str] = Field(alias="aspectRatio", default=None)
    "The shape of the picture, like 16:9."
    use_video: Optional[bool] = Field(alias="useVideo", default=None)
    "Whether segments show video clips instead of pictures."
    assembly_strategy: Optional[str] = Field(alias="assemblyStrategy", default=None)
    "`narration-led` or `fixed-length`."
    voice: Optional[str] = None
    "The name of a voice."
    lexicon: Optional[list["LexiconEntryInput"]] = None
    "The whole lexicon from now on; an empty list for none."
    system_prompt: Optional[str] = Field(alias="systemPrompt", default=None)
    "What every script is written by."
    music_prompt_mod: Optional[str] = Field(alias="musicPromptMod", default=None)
    "A wish for the music."
    music_volume: Optional[int] = Field(alias="musicVolume", default=None)
    "How loud the music is, in percent of its usual volume, from 0 (none) to 200."
    title_display: Optional[str] = Field(alias="titleDisplay", default=None)
    "How the title is shown: `over`, `card` or `none`."
    captions: Optional[str] = None
    "How captions are shown: `burned` into the picture, `soft` as a track that players switch, or `off`."
    caption_place: Optional[str] = Field(alias="captionPlace", default=None)
    "Where captions stand: `bottom` or `top`."
    caption_size: Optional[str] = Field(alias="captionSize", default=None)
    "How large captions are: `small`, `medium` or `large`."
    resolution: Optional[str] = None
    "How large the film is: `720p` or `1080p`."
    models: Optional["LectureModelsInput"] = None
    "The models to use from now on."


class SetTextInput(BaseModel):
    """A text of a person's own."""

    node: str
    "The id of a `content:` node."
    text: str
    "The text: at most 20,000 characters."


class SetMediumInput(BaseModel):
    """A medium of a person's own."""

    node: str
    "The id of an `asset:` node."
    upload: str
    "The SHA-256 that `uploadMedium` answered."


class SetModelInput(BaseModel):
    """A model for one node."""

    node: str
    "The id of a node that a model makes."
    model: str
    "The model, as provider:model."


class ChooseTakeInput(BaseModel):
    """An earlier take."""

    node: str
    "The node's id."
    take: int
    "The number of the take."


class AddSegmentInput(BaseModel):
    """Where to add a segment."""

    after: Optional[int] = None
    "The slot that it follows; at the end without one."


class MoveSegmentInput(BaseModel):
    """Where to move a segment."""

    slot: int
    "Its slot."
    position: int
    "Its new place in the play order, from 0."


class RegenerationScopeInput(BaseModel):
    """A part of a lecture."""

    nodes: Optional[list[str]] = None
    "The ids of nodes: they and what they need, but not what reads them."
    segment: Optional[int] = None
    "A slot: the nodes of this segment, and what they need."


class LectureImportItemInput(BaseModel):
    """A lecture to import."""

    lecture: "ImportedLectureInput"
    "The lecture."
    id: Optional[str] = None
    "The lecture's id; without one, it is derived from the title."
    shadow: Optional[bool] = None
    "Whether it is to be planned and priced, and never made."


LectureBriefInput.model_rebuild()
ImportedLectureInput.model_rebuild()
ImportedSegmentInput.model_rebuild()
LectureEditInput.model_rebuild()
SetLectureInput.model_rebuild()
LectureImportItemInput.model_rebuild()
