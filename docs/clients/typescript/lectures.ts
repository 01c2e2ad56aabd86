// Written from docs/api.graphql and docs/clients/operations.graphql; changes made here are lost.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Whether a regeneration of a lecture is asked for or under way. */
export type RegenerationState =
  /** Nothing is to be done. */
  | 'NONE'
  /** It waits for a worker. */
  | 'QUEUED'
  /** A worker carries it out. */
  | 'RUNNING'
  | '%future added value';

/** The status of a node. */
export type LectureNodeStatus =
  /** Never made. */
  | 'PENDING'
  /** Made from what is there now. */
  | 'FRESH'
  /** Made from something older. */
  | 'STALE'
  /** Its call is under way. */
  | 'GENERATING'
  /** It could not be made. */
  | 'FAILED'
  /** Something it reads could not be made, or a ceiling was reached. */
  | 'BLOCKED'
  | '%future added value';

/** The first word of a node's id: what makes its value. */
export type LectureNodeCategory =
  /** A person. */
  | 'CONFIG'
  /** A text model, whose answer it keeps. */
  | 'LLM'
  /** What counts: the model's text or a person's. */
  | 'CONTENT'
  /** A model that makes media, or a person's own medium. */
  | 'ASSET'
  /** Nobody: it is put together here. */
  | 'ASSEMBLER'
  | '%future added value';

/** What a paid call delivers. */
export type LectureRole =
  /** A text. */
  | 'TEXT'
  /** Speech. */
  | 'SPEECH'
  /** A picture. */
  | 'IMAGE'
  /** A video clip. */
  | 'VIDEO'
  /** Music. */
  | 'MUSIC'
  | '%future added value';

/** The rules by which a node is not fresh. */
export type StaleReasonKind =
  /** It was never made. */
  | 'NEVER_MADE'
  /** An input changed. */
  | 'INPUT_CHANGED'
  /** A node that it reads changed. */
  | 'READ_CHANGED'
  /** It reads other nodes than before. */
  | 'READS_CHANGED'
  /** Its own setting changed. */
  | 'SETTING_CHANGED'
  /** The step that makes it changed. */
  | 'STEP_CHANGED'
  /** Its model changed. */
  | 'MODEL_CHANGED'
  /** A person's value replaced the made one, or was withdrawn. */
  | 'PINNED'
  /** A node that it reads will be made again. */
  | 'UPSTREAM'
  /** Its bytes are missing. */
  | 'LOST'
  | '%future added value';

/** The sorts of failures. */
export type LectureNodeErrorKind =
  /** Another try may succeed. */
  | 'RETRYABLE'
  /** The vendor refuses this request for good. */
  | 'NOT_RETRYABLE'
  /** The account at the vendor is exhausted. */
  | 'QUOTA'
  /** The vendor refuses the content. */
  | 'MODERATION'
  /** The answer does not fit. */
  | 'VALIDATION'
  /** Whether the vendor accepted it is not known. */
  | 'AMBIGUOUS'
  /** A spending ceiling would be exceeded. */
  | 'CEILING'
  | '%future added value';

/** Whether something of a timeline exists. */
export type TimelinePart =
  /** A picture. */
  | 'IMAGE'
  /** A video clip. */
  | 'VIDEO'
  /** A sound. */
  | 'AUDIO'
  /** A text. */
  | 'TITLE'
  /** It does not exist yet. */
  | 'MISSING'
  /** It is off. */
  | 'NONE'
  | '%future added value';

/** What a ceiling is for. */
export type SpendingCeilingKind =
  /** One lecture. */
  | 'LECTURE'
  /** The workspace. */
  | 'WORKSPACE'
  /** The workspace in a calendar month (UTC). */
  | 'MONTH'
  /** One request: its own `maxCostUsdMicros`. */
  | 'REQUEST'
  | '%future added value';

/** What a new lecture is to be. Whatever is left out has its default. */
export type LectureBriefInput = {
  /** What it is about: at most 20,000 characters. Needed unless there are notes. */
  readonly prompt?: string | null | undefined;
  /** Source notes: at most 100,000 characters. */
  readonly notes?: string | null | undefined;
  /** A title of one's own: at most 200 characters. Without one, a model writes it. */
  readonly title?: string | null | undefined;
  /** Who it is for: at most 2,000 characters. */
  readonly audience?: string | null | undefined;
  /** A language tag, like en or pt-BR. */
  readonly language?: string | null | undefined;
  /** Seconds, from 3 to 7200. */
  readonly duration?: number | null | undefined;
  /** Seconds, from 3 to 120. */
  readonly segmentLength?: number | null | undefined;
  /** From 1 to 99. Without it, duration / segmentLength decides. */
  readonly numSegments?: number | null | undefined;
  /** From 1 to 4. */
  readonly imagesPerSegment?: number | null | undefined;
  /** How pictures look: at most 2,000 characters. */
  readonly imageStyle?: string | null | undefined;
  /** The shape of the picture, like 16:9. */
  readonly aspectRatio?: string | null | undefined;
  /** Whether segments show video clips instead of pictures. */
  readonly useVideo?: boolean | null | undefined;
  /** `narration-led` or `fixed-length`. */
  readonly assemblyStrategy?: string | null | undefined;
  /** The name of a voice. */
  readonly voice?: string | null | undefined;
  /** How words are said that the voice would say otherwise: at most 200 entries. */
  readonly lexicon?: ReadonlyArray<LexiconEntryInput> | null | undefined;
  /** What every script is written by: at most 20,000 characters. */
  readonly systemPrompt?: string | null | undefined;
  /** A wish for the music: at most 2,000 characters. */
  readonly musicPromptMod?: string | null | undefined;
  /** How loud the music is, in percent of its usual volume, from 0 (none, and none is bought) to 200. */
  readonly musicVolume?: number | null | undefined;
  /** How the title is shown: `over` the first pictures, alone as a `card`, or `none`. */
  readonly titleDisplay?: string | null | undefined;
  /** How captions are shown: `burned` into the picture, `soft` as a track that players switch, or `off`. */
  readonly captions?: string | null | undefined;
  /** Where captions stand: `bottom` or `top`. */
  readonly captionPlace?: string | null | undefined;
  /** How large captions are: `small`, `medium` or `large`. */
  readonly captionSize?: string | null | undefined;
  /** How large the film is: `720p` or `1080p`. */
  readonly resolution?: string | null | undefined;
  /** The models to use instead of the usual ones. */
  readonly models?: LectureModelsInput | null | undefined;
};

/** How a word or phrase is said. */
export type LexiconEntryInput = {
  /** As it is shown: at most 100 characters. In lower case it is found in any case, with a capital only as written. */
  readonly show: string;
  /** As it is said: at most 200 characters. */
  readonly say: string;
};

/** Models by role, as provider:model. */
export type LectureModelsInput = {
  /** Writes. */
  readonly text?: string | null | undefined;
  /** Speaks. */
  readonly speech?: string | null | undefined;
  /** Draws pictures. */
  readonly image?: string | null | undefined;
  /** Makes clips. */
  readonly video?: string | null | undefined;
  /** Composes. */
  readonly music?: string | null | undefined;
};

/** A lecture that was made elsewhere. */
export type ImportedLectureInput = {
  /** The title. */
  readonly title: string;
  /** A summary; without one, the title. */
  readonly summary?: string | null | undefined;
  /** Its settings. What follows from the segments is not said: numSegments, imagesPerSegment, title. */
  readonly brief?: LectureBriefInput | null | undefined;
  /** The segments in play order: 1 to 99. */
  readonly segments: ReadonlyArray<ImportedSegmentInput>;
  /** The music. */
  readonly music?: ImportedMediumInput | null | undefined;
};

/** A segment of a lecture that was made elsewhere. */
export type ImportedSegmentInput = {
  /** What is said. */
  readonly narration: string;
  /** What is seen. */
  readonly visual?: string | null | undefined;
  /** The mood of the music. */
  readonly backgroundMusic?: string | null | undefined;
  /** none, zoom-in, zoom-out, pan-left, pan-right or fade. */
  readonly effect?: string | null | undefined;
  /** The narration spoken. Its prompt is the narration. */
  readonly recording?: ImportedMediumInput | null | undefined;
  /** The pictures: at most 4. */
  readonly images?: ReadonlyArray<ImportedMediumInput> | null | undefined;
  /** The picture that the clip starts from. */
  readonly startingImage?: ImportedMediumInput | null | undefined;
  /** The clip. Its prompt is what moves. */
  readonly clip?: ImportedMediumInput | null | undefined;
};

/** A medium of a lecture that was made elsewhere: uploaded before, or at a URL, or not there yet. */
export type ImportedMediumInput = {
  /** What it was made from. */
  readonly prompt?: string | null | undefined;
  /** The SHA-256 that `uploadMedium` answered. */
  readonly upload?: string | null | undefined;
  /** An https:// URL to fetch it from, now. */
  readonly url?: string | null | undefined;
};

/** One edit: exactly one of these fields. */
export type LectureEditInput = {
  /** Change settings. */
  readonly set?: SetLectureInput | null | undefined;
  /** Replace the text of a `content:` node with a person's own. */
  readonly text?: SetTextInput | null | undefined;
  /** Replace the medium of an `asset:` node with a person's own. */
  readonly medium?: SetMediumInput | null | undefined;
  /** Use another model for one node. */
  readonly model?: SetModelInput | null | undefined;
  /** Buy another result of the node with this id, from the same inputs. */
  readonly reroll?: string | null | undefined;
  /** Let an earlier take of a node count. */
  readonly chooseTake?: ChooseTakeInput | null | undefined;
  /** Let the made value of the node with this id count again. */
  readonly unpin?: string | null | undefined;
  /** Settle the conflict of the node with this id: keep the person's value. */
  readonly keep?: string | null | undefined;
  /** Settle the conflict of the node with this id: merge both changes into one text. */
  readonly merge?: string | null | undefined;
  /** Add a segment. */
  readonly addSegment?: AddSegmentInput | null | undefined;
  /** Take the segment with this slot out of the play order; what was made for it is kept. */
  readonly removeSegment?: number | null | undefined;
  /** Move a segment. */
  readonly moveSegment?: MoveSegmentInput | null | undefined;
};

/** Settings to change; whatever is left out stays. */
export type SetLectureInput = {
  /** What the lecture is about; empty to remove it where there are notes. */
  readonly prompt?: string | null | undefined;
  /** Source notes; empty to remove them where there is a prompt. */
  readonly notes?: string | null | undefined;
  /** A title of one's own. */
  readonly title?: string | null | undefined;
  /** Who it is for. */
  readonly audience?: string | null | undefined;
  /** A language tag, like en or pt-BR. */
  readonly language?: string | null | undefined;
  /** Seconds, from 3 to 7200. */
  readonly duration?: number | null | undefined;
  /** Seconds, from 3 to 120. */
  readonly segmentLength?: number | null | undefined;
  /** From 1 to 99; null so that duration / segmentLength decides again. */
  readonly numSegments?: number | null | undefined;
  /** From 1 to 4. */
  readonly imagesPerSegment?: number | null | undefined;
  /** How pictures look. */
  readonly imageStyle?: string | null | undefined;
  /** The shape of the picture, like 16:9. */
  readonly aspectRatio?: string | null | undefined;
  /** Whether segments show video clips instead of pictures. */
  readonly useVideo?: boolean | null | undefined;
  /** `narration-led` or `fixed-length`. */
  readonly assemblyStrategy?: string | null | undefined;
  /** The name of a voice. */
  readonly voice?: string | null | undefined;
  /** The whole lexicon from now on; an empty list for none. */
  readonly lexicon?: ReadonlyArray<LexiconEntryInput> | null | undefined;
  /** What every script is written by. */
  readonly systemPrompt?: string | null | undefined;
  /** A wish for the music. */
  readonly musicPromptMod?: string | null | undefined;
  /** How loud the music is, in percent of its usual volume, from 0 (none) to 200. */
  readonly musicVolume?: number | null | undefined;
  /** How the title is shown: `over`, `card` or `none`. */
  readonly titleDisplay?: string | null | undefined;
  /** How captions are shown: `burned` into the picture, `soft` as a track that players switch, or `off`. */
  readonly captions?: string | null | undefined;
  /** Where captions stand: `bottom` or `top`. */
  readonly captionPlace?: string | null | undefined;
  /** How large captions are: `small`, `medium` or `large`. */
  readonly captionSize?: string | null | undefined;
  /** How large the film is: `720p` or `1080p`. */
  readonly resolution?: string | null | undefined;
  /** The models to use from now on. */
  readonly models?: LectureModelsInput | null | undefined;
};

/** A text of a person's own. */
export type SetTextInput = {
  /** The id of a `content:` node. */
  readonly node: string;
  /** The text: at most 20,000 characters. */
  readonly text: string;
};

/** A medium of a person's own. */
export type SetMediumInput = {
  /** The id of an `asset:` node. */
  readonly node: string;
  /** The SHA-256 that `uploadMedium` answered. */
  readonly upload: string;
};

/** A model for one node. */
export type SetModelInput = {
  /** The id of a node that a model makes. */
  readonly node: string;
  /** The model, as provider:model. */
  readonly model: string;
};

/** An earlier take. */
export type ChooseTakeInput = {
  /** The node's id. */
  readonly node: string;
  /** The number of the take. */
  readonly take: number;
};

/** Where to add a segment. */
export type AddSegmentInput = {
  /** The slot that it follows; at the end without one. */
  readonly after?: number | null | undefined;
};

/** Where to move a segment. */
export type MoveSegmentInput = {
  /** Its slot. */
  readonly slot: number;
  /** Its new place in the play order, from 0. */
  readonly position: number;
};

/** A part of a lecture. */
export type RegenerationScopeInput = {
  /** The ids of nodes: they and what they need, but not what reads them. */
  readonly nodes?: ReadonlyArray<string> | null | undefined;
  /** A slot: the nodes of this segment, and what they need. */
  readonly segment?: number | null | undefined;
};

/** What a medium of one's own is for. */
export type MediumSort =
  /** A picture: PNG, JPEG, WebP, GIF, BMP, TIFF. */
  | 'PICTURE'
  /** A video clip: MP4, MOV, WebM, Matroska. */
  | 'CLIP'
  /** A recording: WAV, MP3, M4A, AAC, Ogg, FLAC, AIFF. */
  | 'SPEECH'
  /** Music: WAV, MP3, M4A, AAC, Ogg, FLAC, AIFF. */
  | 'MUSIC'
  | '%future added value';

/** A system that makes lectures. */
export type LectureSystem =
  /** The other one, which is being replaced. */
  | 'LEGACY'
  /** This one. */
  | 'GRAPH'
  | '%future added value';

/** Why a key belongs to a system. */
export type LectureRolloutReason =
  /** The workspace has no rule: everything is made here. */
  | 'NO_RULE'
  /** A person decided for the other system. */
  | 'DENIED'
  /** A person decided for this one. */
  | 'ALLOWED'
  /** The percentage. */
  | 'PERCENTAGE'
  | '%future added value';

/** A lecture to import. */
export type LectureImportItemInput = {
  /** The lecture. */
  readonly lecture: ImportedLectureInput;
  /** The lecture's id; without one, it is derived from the title. */
  readonly id?: string | null | undefined;
  /** Whether it is to be planned and priced, and never made. */
  readonly shadow?: boolean | null | undefined;
};

/** How far the import of a lecture is. */
export type LectureImportItemState =
  /** It waits, or is being imported. */
  | 'WAITING'
  /** It is imported. */
  | 'IMPORTED'
  /** It could not be imported. */
  | 'FAILED'
  /** It was canceled before. */
  | 'CANCELED'
  | '%future added value';

/** How a node of a run ended. */
export type LectureNodeOutcome =
  /** It was made. */
  | 'MADE'
  /** An earlier take counts again. */
  | 'RESTORED'
  /** It could not be made. */
  | 'FAILED'
  /** Its call would exceed a ceiling. */
  | 'BLOCKED'
  /** It was made for a version that was edited meanwhile: a take that does not count. */
  | 'SUPERSEDED'
  | '%future added value';

/** How a run ended. */
export type LectureRunOutcome =
  /** All of its plan is made. */
  | 'DONE'
  /** Some nodes were not made. */
  | 'FAILED'
  /** It was interrupted or refused. */
  | 'STOPPED'
  /** It had died. */
  | 'LOST'
  | '%future added value';

export type PageEndFragment = { readonly hasNextPage: boolean, readonly endCursor: string | null };

export type LectureHeadFragment = { readonly id: string, readonly version: number, readonly title: string | null, readonly isShadow: boolean };

export type WholeLectureFragment = { readonly id: string, readonly isShadow: boolean, readonly version: number, readonly publishedVersion: number, readonly createdAt: number, readonly title: string | null, readonly warnings: ReadonlyArray<string>, readonly settings: { readonly prompt: string | null, readonly notes: string | null, readonly audience: string, readonly language: string, readonly duration: number, readonly segmentLength: number, readonly numSegments: number | null, readonly imagesPerSegment: number, readonly imageStyle: string, readonly aspectRatio: string, readonly useVideo: boolean, readonly assemblyStrategy: string, readonly voice: string, readonly systemPrompt: string, readonly musicPromptMod: string, readonly musicVolume: number, readonly titleDisplay: string, readonly lexicon: ReadonlyArray<{ readonly show: string, readonly say: string }>, readonly models: { readonly text: string, readonly speech: string, readonly image: string, readonly video: string, readonly music: string } }, readonly segments: ReadonlyArray<{ readonly slot: number, readonly position: number, readonly added: boolean }>, readonly progress: { readonly regeneration: RegenerationState, readonly nodes: number, readonly spentUsdMicros: number, readonly statuses: ReadonlyArray<{ readonly status: LectureNodeStatus, readonly count: number }> } };

export type WholeProgressFragment = { readonly regeneration: RegenerationState, readonly nodes: number, readonly spentUsdMicros: number, readonly statuses: ReadonlyArray<{ readonly status: LectureNodeStatus, readonly count: number }> };

export type WholeReasonFragment = { readonly kind: StaleReasonKind, readonly input: string, readonly text: string };

export type WholeErrorFragment = { readonly kind: LectureNodeErrorKind, readonly message: string, readonly retryable: boolean, readonly providerCode: string, readonly tries: number, readonly requestId: string | null, readonly chain: ReadonlyArray<string> };

export type WholeCostsFragment = { readonly estimatedUsdMicros: number, readonly spentUsdMicros: number, readonly spentByEstimateUsdMicros: number, readonly savedUsdMicros: number, readonly providers: ReadonlyArray<{ readonly provider: string, readonly calls: number, readonly spentUsdMicros: number, readonly savedUsdMicros: number }>, readonly models: ReadonlyArray<{ readonly model: string, readonly role: LectureRole, readonly calls: number, readonly spentUsdMicros: number, readonly savedUsdMicros: number }> };

export type WholeCeilingFragment = { readonly ceiling: SpendingCeilingKind, readonly allowedUsdMicros: number, readonly committedUsdMicros: number, readonly leftUsdMicros: number };

export type LecturePlanFragment = { readonly lecture: string, readonly version: number, readonly token: string, readonly nodeCount: number, readonly idle: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly affectedSegments: ReadonlyArray<number>, readonly warnings: ReadonlyArray<string>, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> };

export type PlannedNodeFragment = { readonly id: string, readonly status: LectureNodeStatus, readonly layer: number, readonly restored: boolean, readonly reasons: ReadonlyArray<{ readonly kind: StaleReasonKind, readonly input: string, readonly text: string }>, readonly calls: ReadonlyArray<{ readonly provider: string, readonly model: string, readonly role: LectureRole, readonly lowUsdMicros: number, readonly highUsdMicros: number }> };

type Problem_LectureConflict_Fragment = { readonly code: string, readonly message: string };

type Problem_PlanChanged_Fragment = { readonly code: string, readonly message: string };

type Problem_CeilingReached_Fragment = { readonly code: string, readonly message: string };

type Problem_InvalidEdit_Fragment = { readonly code: string, readonly message: string };

type Problem_LectureNotFound_Fragment = { readonly code: string, readonly message: string };

type Problem_LectureBusy_Fragment = { readonly code: string, readonly message: string };

type Problem_LectureIdTaken_Fragment = { readonly code: string, readonly message: string };

type Problem_NothingToRestore_Fragment = { readonly code: string, readonly message: string };

type Problem_KeyReused_Fragment = { readonly code: string, readonly message: string };

type Problem_LectureLeftToLegacy_Fragment = { readonly code: string, readonly message: string };

type Problem_LectureImportNotFound_Fragment = { readonly code: string, readonly message: string };

type Problem_LectureIsShadow_Fragment = { readonly code: string, readonly message: string };

export type ProblemFragment =
  | Problem_LectureConflict_Fragment
  | Problem_PlanChanged_Fragment
  | Problem_CeilingReached_Fragment
  | Problem_InvalidEdit_Fragment
  | Problem_LectureNotFound_Fragment
  | Problem_LectureBusy_Fragment
  | Problem_LectureIdTaken_Fragment
  | Problem_NothingToRestore_Fragment
  | Problem_KeyReused_Fragment
  | Problem_LectureLeftToLegacy_Fragment
  | Problem_LectureImportNotFound_Fragment
  | Problem_LectureIsShadow_Fragment
;

export type InvalidEditFragment = { readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> };

export type RevisionFragment = { readonly version: number, readonly edits: ReadonlyArray<string>, readonly clientKey: string | null, readonly createdAt: number };

export type MediumFragment = { readonly sha256: string, readonly mediaType: string };

export type LectureCreatedFragment = { readonly system: LectureSystem, readonly created: boolean, readonly warnings: ReadonlyArray<string>, readonly lecture: { readonly id: string, readonly isShadow: boolean, readonly version: number, readonly publishedVersion: number, readonly createdAt: number, readonly title: string | null, readonly warnings: ReadonlyArray<string>, readonly settings: { readonly prompt: string | null, readonly notes: string | null, readonly audience: string, readonly language: string, readonly duration: number, readonly segmentLength: number, readonly numSegments: number | null, readonly imagesPerSegment: number, readonly imageStyle: string, readonly aspectRatio: string, readonly useVideo: boolean, readonly assemblyStrategy: string, readonly voice: string, readonly systemPrompt: string, readonly musicPromptMod: string, readonly musicVolume: number, readonly titleDisplay: string, readonly lexicon: ReadonlyArray<{ readonly show: string, readonly say: string }>, readonly models: { readonly text: string, readonly speech: string, readonly image: string, readonly video: string, readonly music: string } }, readonly segments: ReadonlyArray<{ readonly slot: number, readonly position: number, readonly added: boolean }>, readonly progress: { readonly regeneration: RegenerationState, readonly nodes: number, readonly spentUsdMicros: number, readonly statuses: ReadonlyArray<{ readonly status: LectureNodeStatus, readonly count: number }> } } | null };

export type LectureImportedFragment = { readonly created: boolean, readonly adopted: number, readonly missing: ReadonlyArray<string>, readonly lecture: { readonly id: string, readonly isShadow: boolean, readonly version: number, readonly publishedVersion: number, readonly createdAt: number, readonly title: string | null, readonly warnings: ReadonlyArray<string>, readonly settings: { readonly prompt: string | null, readonly notes: string | null, readonly audience: string, readonly language: string, readonly duration: number, readonly segmentLength: number, readonly numSegments: number | null, readonly imagesPerSegment: number, readonly imageStyle: string, readonly aspectRatio: string, readonly useVideo: boolean, readonly assemblyStrategy: string, readonly voice: string, readonly systemPrompt: string, readonly musicPromptMod: string, readonly musicVolume: number, readonly titleDisplay: string, readonly lexicon: ReadonlyArray<{ readonly show: string, readonly say: string }>, readonly models: { readonly text: string, readonly speech: string, readonly image: string, readonly video: string, readonly music: string } }, readonly segments: ReadonlyArray<{ readonly slot: number, readonly position: number, readonly added: boolean }>, readonly progress: { readonly regeneration: RegenerationState, readonly nodes: number, readonly spentUsdMicros: number, readonly statuses: ReadonlyArray<{ readonly status: LectureNodeStatus, readonly count: number }> } } | null };

export type LectureCopiedFragment = { readonly copiedFrom: string, readonly created: boolean, readonly stale: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly lecture: { readonly id: string, readonly version: number, readonly title: string | null, readonly isShadow: boolean } | null };

export type LectureRenamedFragment = { readonly was: string, readonly lecture: { readonly id: string, readonly version: number, readonly title: string | null, readonly isShadow: boolean } | null };

export type LectureDeletedFragment = { readonly id: string };

export type MediumUploadedFragment = { readonly sha256: string };

export type RegenerationQueuedFragment = { readonly regeneration: RegenerationState };

export type PlanChangedFragment = { readonly added: ReadonlyArray<string>, readonly removed: ReadonlyArray<string>, readonly changed: ReadonlyArray<string>, readonly known: boolean, readonly highBeforeUsdMicros: number | null, readonly newPlan: { readonly lecture: string, readonly version: number, readonly token: string, readonly nodeCount: number, readonly idle: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly affectedSegments: ReadonlyArray<number>, readonly warnings: ReadonlyArray<string>, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } };

export type CeilingReachedFragment = { readonly ceiling: SpendingCeilingKind, readonly allowedUsdMicros: number, readonly committedUsdMicros: number, readonly missingUsdMicros: number };

export type RegenerationCanceledFragment = { readonly was: RegenerationState, readonly stopped: ReadonlyArray<string> };

export type LectureRevisionEventFragment = { readonly number: number, readonly at: number, readonly version: number, readonly edits: ReadonlyArray<string> };

export type LectureRunStartedEventFragment = { readonly number: number, readonly at: number, readonly run: number, readonly version: number };

export type LectureRunPlannedEventFragment = { readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly token: string, readonly nodes: number, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> };

export type LectureNodeStartedEventFragment = { readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly node: string, readonly model: string };

export type LectureNodeDelayedEventFragment = { readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly node: string, readonly seconds: number, readonly message: string };

export type LectureNodeEventFragment = { readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly node: string, readonly outcome: LectureNodeOutcome, readonly take: number | null, readonly costUsdMicros: number, readonly failure: string | null, readonly spentUsdMicros: number, readonly left: number };

export type LectureTimelineEventFragment = { readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly timeline: string, readonly base: string | null, readonly patch: ReadonlyArray<{ readonly op: string, readonly path: string, readonly value: string | null }> | null };

export type LectureRunEndedEventFragment = { readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly ending: LectureRunOutcome, readonly queued: boolean, readonly report: { readonly made: number, readonly restored: number, readonly failed: number, readonly blocked: number, readonly stopped: number, readonly calls: number, readonly costUsdMicros: number, readonly savedUsdMicros: number } | null };

export type LectureWithdrawnEventFragment = { readonly number: number, readonly at: number };

export type LectureResetEventFragment = { readonly number: number, readonly at: number };

export type LectureEditedFragment = { readonly version: number, readonly edits: ReadonlyArray<string>, readonly stale: ReadonlyArray<string>, readonly conflicts: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly shadow: { readonly nodes: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } | null };

export type LectureConflictFragment = { readonly expectedVersion: number, readonly actualVersion: number, readonly since: ReadonlyArray<{ readonly version: number, readonly edits: ReadonlyArray<string>, readonly clientKey: string | null, readonly createdAt: number }> };

export type ListLecturesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListLecturesQuery = { readonly lectures: { readonly items: ReadonlyArray<{ readonly id: string, readonly version: number, readonly publishedVersion: number, readonly regeneration: RegenerationState, readonly title: string | null, readonly createdAt: number }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ReadLectureQueryVariables = Exact<{
  id: string;
}>;


export type ReadLectureQuery = { readonly lecture: { readonly id: string, readonly isShadow: boolean, readonly version: number, readonly publishedVersion: number, readonly createdAt: number, readonly title: string | null, readonly warnings: ReadonlyArray<string>, readonly settings: { readonly prompt: string | null, readonly notes: string | null, readonly audience: string, readonly language: string, readonly duration: number, readonly segmentLength: number, readonly numSegments: number | null, readonly imagesPerSegment: number, readonly imageStyle: string, readonly aspectRatio: string, readonly useVideo: boolean, readonly assemblyStrategy: string, readonly voice: string, readonly systemPrompt: string, readonly musicPromptMod: string, readonly musicVolume: number, readonly titleDisplay: string, readonly lexicon: ReadonlyArray<{ readonly show: string, readonly say: string }>, readonly models: { readonly text: string, readonly speech: string, readonly image: string, readonly video: string, readonly music: string } }, readonly segments: ReadonlyArray<{ readonly slot: number, readonly position: number, readonly added: boolean }>, readonly progress: { readonly regeneration: RegenerationState, readonly nodes: number, readonly spentUsdMicros: number, readonly statuses: ReadonlyArray<{ readonly status: LectureNodeStatus, readonly count: number }> } } | null };

export type ListNodesQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  statuses?: ReadonlyArray<LectureNodeStatus> | LectureNodeStatus | null | undefined;
  kinds?: ReadonlyArray<string> | string | null | undefined;
  segment?: number | null | undefined;
}>;


export type ListNodesQuery = { readonly lecture: { readonly version: number, readonly nodes: { readonly total: number, readonly items: ReadonlyArray<{ readonly id: string, readonly kind: string, readonly category: LectureNodeCategory, readonly segment: number | null, readonly image: number | null, readonly role: LectureRole | null, readonly status: LectureNodeStatus, readonly pinned: boolean, readonly take: number | null, readonly madeBy: string | null, readonly madeAt: number | null, readonly costUsdMicros: number, readonly reads: ReadonlyArray<string>, readonly reasons: ReadonlyArray<{ readonly kind: StaleReasonKind, readonly input: string, readonly text: string }>, readonly error: { readonly kind: LectureNodeErrorKind, readonly message: string, readonly retryable: boolean, readonly providerCode: string, readonly tries: number, readonly requestId: string | null, readonly chain: ReadonlyArray<string> } | null, readonly value:
          | { readonly __typename: 'LectureText', readonly text: string }
          | { readonly __typename: 'LectureScript' }
          | { readonly __typename: 'LectureSegmentScript' }
          | { readonly __typename: 'LectureVideoPrompts' }
          | { readonly __typename: 'LecturePicture', readonly sha256: string, readonly mediaType: string, readonly width: number, readonly height: number }
          | { readonly __typename: 'LectureClip', readonly sha256: string, readonly mediaType: string, readonly width: number, readonly height: number, readonly durationMs: number }
          | { readonly __typename: 'LectureSpeech', readonly sha256: string, readonly mediaType: string, readonly durationMs: number }
          | { readonly __typename: 'LectureMusic', readonly sha256: string, readonly mediaType: string, readonly durationMs: number }
          | { readonly __typename: 'LectureSegmentTimeline' }
          | { readonly __typename: 'LectureTimelineValue' }
          | { readonly __typename: 'LectureInputValue' }
         | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ListTakesQueryVariables = Exact<{
  id: string;
  node: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListTakesQuery = { readonly lecture: { readonly takes: { readonly total: number, readonly items: ReadonlyArray<{ readonly number: number, readonly counts: boolean, readonly chosen: boolean, readonly madeBy: string, readonly madeAt: number, readonly costUsdMicros: number, readonly version: string, readonly available: boolean }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } | null } | null };

export type ExplainNodeQueryVariables = Exact<{
  id: string;
  node: string;
}>;


export type ExplainNodeQuery = { readonly lecture: { readonly explain: { readonly node: string, readonly status: LectureNodeStatus | null, readonly pinned: boolean, readonly take: number | null, readonly madeBy: string | null, readonly unchanged: ReadonlyArray<string>, readonly madeFrom: ReadonlyArray<{ readonly id: string, readonly version: string | null, readonly status: LectureNodeStatus | null }>, readonly reasons: ReadonlyArray<{ readonly kind: StaleReasonKind, readonly input: string, readonly text: string, readonly changes: ReadonlyArray<{ readonly part: string | null, readonly before: string | null, readonly after: string | null }>, readonly words: ReadonlyArray<{ readonly before: string, readonly after: string }> }>, readonly chain: ReadonlyArray<{ readonly node: string, readonly reasons: ReadonlyArray<{ readonly kind: StaleReasonKind, readonly input: string, readonly text: string }> }>, readonly error: { readonly kind: LectureNodeErrorKind, readonly message: string, readonly retryable: boolean, readonly providerCode: string, readonly tries: number, readonly requestId: string | null, readonly chain: ReadonlyArray<string> } | null } | null } | null };

export type ListVersionsQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListVersionsQuery = { readonly lecture: { readonly history: { readonly items: ReadonlyArray<{ readonly version: number, readonly edits: ReadonlyArray<string>, readonly clientKey: string | null, readonly createdAt: number }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ListConflictsQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListConflictsQuery = { readonly lecture: { readonly conflicts: { readonly total: number, readonly items: ReadonlyArray<{ readonly node: string, readonly merged: string | null, readonly base:
          | { readonly __typename: 'LectureText', readonly text: string }
          | { readonly __typename: 'LectureScript' }
          | { readonly __typename: 'LectureSegmentScript' }
          | { readonly __typename: 'LectureVideoPrompts' }
          | { readonly __typename: 'LecturePicture' }
          | { readonly __typename: 'LectureClip' }
          | { readonly __typename: 'LectureSpeech' }
          | { readonly __typename: 'LectureMusic' }
          | { readonly __typename: 'LectureSegmentTimeline' }
          | { readonly __typename: 'LectureTimelineValue' }
          | { readonly __typename: 'LectureInputValue' }
         | null, readonly mine:
          | { readonly __typename: 'LectureText', readonly text: string }
          | { readonly __typename: 'LectureScript' }
          | { readonly __typename: 'LectureSegmentScript' }
          | { readonly __typename: 'LectureVideoPrompts' }
          | { readonly __typename: 'LecturePicture' }
          | { readonly __typename: 'LectureClip' }
          | { readonly __typename: 'LectureSpeech' }
          | { readonly __typename: 'LectureMusic' }
          | { readonly __typename: 'LectureSegmentTimeline' }
          | { readonly __typename: 'LectureTimelineValue' }
          | { readonly __typename: 'LectureInputValue' }
         | null, readonly theirs:
          | { readonly __typename: 'LectureText', readonly text: string }
          | { readonly __typename: 'LectureScript' }
          | { readonly __typename: 'LectureSegmentScript' }
          | { readonly __typename: 'LectureVideoPrompts' }
          | { readonly __typename: 'LecturePicture' }
          | { readonly __typename: 'LectureClip' }
          | { readonly __typename: 'LectureSpeech' }
          | { readonly __typename: 'LectureMusic' }
          | { readonly __typename: 'LectureSegmentTimeline' }
          | { readonly __typename: 'LectureTimelineValue' }
          | { readonly __typename: 'LectureInputValue' }
         | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ReadCostsQueryVariables = Exact<{
  id: string;
}>;


export type ReadCostsQuery = { readonly lecture: { readonly costs: { readonly estimatedUsdMicros: number, readonly spentUsdMicros: number, readonly spentByEstimateUsdMicros: number, readonly savedUsdMicros: number, readonly providers: ReadonlyArray<{ readonly provider: string, readonly calls: number, readonly spentUsdMicros: number, readonly savedUsdMicros: number }>, readonly models: ReadonlyArray<{ readonly model: string, readonly role: LectureRole, readonly calls: number, readonly spentUsdMicros: number, readonly savedUsdMicros: number }> }, readonly ceilings: ReadonlyArray<{ readonly ceiling: SpendingCeilingKind, readonly allowedUsdMicros: number, readonly committedUsdMicros: number, readonly leftUsdMicros: number }> } | null };

export type ReadWorkspaceCostsQueryVariables = Exact<{ [key: string]: never; }>;


export type ReadWorkspaceCostsQuery = { readonly workspaceCosts: { readonly estimatedUsdMicros: number, readonly spentUsdMicros: number, readonly spentByEstimateUsdMicros: number, readonly savedUsdMicros: number, readonly providers: ReadonlyArray<{ readonly provider: string, readonly calls: number, readonly spentUsdMicros: number, readonly savedUsdMicros: number }>, readonly models: ReadonlyArray<{ readonly model: string, readonly role: LectureRole, readonly calls: number, readonly spentUsdMicros: number, readonly savedUsdMicros: number }> }, readonly workspaceCeilings: ReadonlyArray<{ readonly ceiling: SpendingCeilingKind, readonly allowedUsdMicros: number, readonly committedUsdMicros: number, readonly leftUsdMicros: number }> };

export type ListVoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type ListVoicesQuery = { readonly voices: ReadonlyArray<{ readonly voice: string, readonly note: string, readonly languages: ReadonlyArray<string>, readonly models: ReadonlyArray<{ readonly model: string, readonly voice: string, readonly wordTimes: boolean, readonly languages: ReadonlyArray<string> }> }> };

export type ReadTimelineQueryVariables = Exact<{
  id: string;
}>;


export type ReadTimelineQuery = { readonly lecture: { readonly version: number, readonly publishedVersion: number, readonly timeline: { readonly schema: string, readonly fps: number, readonly width: number, readonly height: number, readonly durationInFrames: number, readonly assemblyStrategy: string, readonly title: { readonly type: TimelinePart, readonly startFrame: number, readonly durationInFrames: number, readonly text: string | null, readonly display: string | null, readonly fadeInFrames: number | null, readonly fadeOutFrames: number | null, readonly colour: string | null, readonly reason: string | null }, readonly segments: ReadonlyArray<{ readonly slot: string, readonly position: number, readonly startFrame: number, readonly durationInFrames: number, readonly effect: string, readonly backgroundMusic: string, readonly layers: ReadonlyArray<{ readonly type: TimelinePart, readonly startFrame: number, readonly durationInFrames: number, readonly fadeInFrames: number, readonly fadeOutFrames: number | null, readonly fit: string | null, readonly image: number | null, readonly sourceDurationMs: number | null, readonly sourceStartMs: number | null, readonly playbackRatePermille: number | null, readonly afterEnd: string | null, readonly medium: TimelinePart | null, readonly reason: string | null, readonly media: { readonly sha256: string, readonly mediaType: string } | null, readonly motion: { readonly from: { readonly scalePermille: number, readonly xPermille: number, readonly yPermille: number }, readonly to: { readonly scalePermille: number, readonly xPermille: number, readonly yPermille: number } } | null }>, readonly narration: { readonly type: TimelinePart, readonly startFrame: number, readonly durationInFrames: number, readonly startMs: number, readonly durationMs: number, readonly gainMillibel: number | null, readonly reason: string | null, readonly media: { readonly sha256: string, readonly mediaType: string } | null }, readonly captions: ReadonlyArray<{ readonly text: string, readonly startMs: number, readonly endMs: number, readonly words: ReadonlyArray<{ readonly text: string, readonly startMs: number, readonly endMs: number }> }> }>, readonly music: { readonly type: TimelinePart, readonly startFrame: number, readonly durationInFrames: number, readonly sourceDurationMs: number | null, readonly afterEnd: string | null, readonly gainMillibel: number | null, readonly reason: string | null, readonly media: { readonly sha256: string, readonly mediaType: string } | null, readonly parts: ReadonlyArray<{ readonly startFrame: number, readonly durationInFrames: number, readonly sourceStartMs: number, readonly fadeInFrames: number, readonly fadeOutFrames: number }>, readonly envelope: ReadonlyArray<{ readonly frame: number, readonly gainPermille: number }> } } } | null };

export type PlanLectureQueryVariables = Exact<{
  id: string;
  edits?: ReadonlyArray<LectureEditInput> | LectureEditInput | null | undefined;
  scope?: RegenerationScopeInput | null | undefined;
}>;


export type PlanLectureQuery = { readonly lecture: { readonly plan:
      | { readonly __typename: 'LecturePlan', readonly lecture: string, readonly version: number, readonly token: string, readonly nodeCount: number, readonly idle: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly affectedSegments: ReadonlyArray<number>, readonly warnings: ReadonlyArray<string>, readonly nodes: { readonly items: ReadonlyArray<{ readonly id: string, readonly status: LectureNodeStatus, readonly layer: number, readonly restored: boolean, readonly reasons: ReadonlyArray<{ readonly kind: StaleReasonKind, readonly input: string, readonly text: string }>, readonly calls: ReadonlyArray<{ readonly provider: string, readonly model: string, readonly role: LectureRole, readonly lowUsdMicros: number, readonly highUsdMicros: number }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } }, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> }
      | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
     } | null };

export type CreateLectureMutationVariables = Exact<{
  brief: LectureBriefInput;
  id?: string | null | undefined;
  rolloutKey?: string | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type CreateLectureMutation = { readonly createLecture:
    | { readonly __typename: 'LectureCreated', readonly system: LectureSystem, readonly created: boolean, readonly warnings: ReadonlyArray<string>, readonly lecture: { readonly id: string, readonly isShadow: boolean, readonly version: number, readonly publishedVersion: number, readonly createdAt: number, readonly title: string | null, readonly warnings: ReadonlyArray<string>, readonly settings: { readonly prompt: string | null, readonly notes: string | null, readonly audience: string, readonly language: string, readonly duration: number, readonly segmentLength: number, readonly numSegments: number | null, readonly imagesPerSegment: number, readonly imageStyle: string, readonly aspectRatio: string, readonly useVideo: boolean, readonly assemblyStrategy: string, readonly voice: string, readonly systemPrompt: string, readonly musicPromptMod: string, readonly musicVolume: number, readonly titleDisplay: string, readonly lexicon: ReadonlyArray<{ readonly show: string, readonly say: string }>, readonly models: { readonly text: string, readonly speech: string, readonly image: string, readonly video: string, readonly music: string } }, readonly segments: ReadonlyArray<{ readonly slot: number, readonly position: number, readonly added: boolean }>, readonly progress: { readonly regeneration: RegenerationState, readonly nodes: number, readonly spentUsdMicros: number, readonly statuses: ReadonlyArray<{ readonly status: LectureNodeStatus, readonly count: number }> } } | null }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureIdTaken', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureLeftToLegacy', readonly code: string, readonly message: string, readonly system: LectureSystem, readonly rolloutKey: string }
   };

export type ImportLectureMutationVariables = Exact<{
  lecture: ImportedLectureInput;
  id?: string | null | undefined;
  shadow?: boolean | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type ImportLectureMutation = { readonly importLecture:
    | { readonly __typename: 'LectureImported', readonly created: boolean, readonly adopted: number, readonly missing: ReadonlyArray<string>, readonly lecture: { readonly id: string, readonly isShadow: boolean, readonly version: number, readonly publishedVersion: number, readonly createdAt: number, readonly title: string | null, readonly warnings: ReadonlyArray<string>, readonly settings: { readonly prompt: string | null, readonly notes: string | null, readonly audience: string, readonly language: string, readonly duration: number, readonly segmentLength: number, readonly numSegments: number | null, readonly imagesPerSegment: number, readonly imageStyle: string, readonly aspectRatio: string, readonly useVideo: boolean, readonly assemblyStrategy: string, readonly voice: string, readonly systemPrompt: string, readonly musicPromptMod: string, readonly musicVolume: number, readonly titleDisplay: string, readonly lexicon: ReadonlyArray<{ readonly show: string, readonly say: string }>, readonly models: { readonly text: string, readonly speech: string, readonly image: string, readonly video: string, readonly music: string } }, readonly segments: ReadonlyArray<{ readonly slot: number, readonly position: number, readonly added: boolean }>, readonly progress: { readonly regeneration: RegenerationState, readonly nodes: number, readonly spentUsdMicros: number, readonly statuses: ReadonlyArray<{ readonly status: LectureNodeStatus, readonly count: number }> } } | null }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureIdTaken', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type EditLectureMutationVariables = Exact<{
  id: string;
  edits: ReadonlyArray<LectureEditInput> | LectureEditInput;
  ifVersion?: number | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type EditLectureMutation = { readonly editLecture:
    | { readonly __typename: 'LectureEdited', readonly version: number, readonly edits: ReadonlyArray<string>, readonly stale: ReadonlyArray<string>, readonly conflicts: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly shadow: { readonly nodes: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } | null }
    | { readonly __typename: 'LectureConflict', readonly code: string, readonly message: string, readonly expectedVersion: number, readonly actualVersion: number, readonly since: ReadonlyArray<{ readonly version: number, readonly edits: ReadonlyArray<string>, readonly clientKey: string | null, readonly createdAt: number }> }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'NothingToRestore', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type UndoLectureEditMutationVariables = Exact<{
  id: string;
  ifVersion?: number | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type UndoLectureEditMutation = { readonly undoLectureEdit:
    | { readonly __typename: 'LectureEdited', readonly version: number, readonly edits: ReadonlyArray<string>, readonly stale: ReadonlyArray<string>, readonly conflicts: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly shadow: { readonly nodes: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } | null }
    | { readonly __typename: 'LectureConflict', readonly code: string, readonly message: string, readonly expectedVersion: number, readonly actualVersion: number, readonly since: ReadonlyArray<{ readonly version: number, readonly edits: ReadonlyArray<string>, readonly clientKey: string | null, readonly createdAt: number }> }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'NothingToRestore', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type RedoLectureEditMutationVariables = Exact<{
  id: string;
  ifVersion?: number | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type RedoLectureEditMutation = { readonly redoLectureEdit:
    | { readonly __typename: 'LectureEdited', readonly version: number, readonly edits: ReadonlyArray<string>, readonly stale: ReadonlyArray<string>, readonly conflicts: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly shadow: { readonly nodes: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } | null }
    | { readonly __typename: 'LectureConflict', readonly code: string, readonly message: string, readonly expectedVersion: number, readonly actualVersion: number, readonly since: ReadonlyArray<{ readonly version: number, readonly edits: ReadonlyArray<string>, readonly clientKey: string | null, readonly createdAt: number }> }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'NothingToRestore', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type CopyLectureMutationVariables = Exact<{
  id: string;
  newId: string;
  edits?: ReadonlyArray<LectureEditInput> | LectureEditInput | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type CopyLectureMutation = { readonly copyLecture:
    | { readonly __typename: 'LectureCopied', readonly copiedFrom: string, readonly created: boolean, readonly stale: ReadonlyArray<string>, readonly warnings: ReadonlyArray<string>, readonly lecture: { readonly id: string, readonly version: number, readonly title: string | null, readonly isShadow: boolean } | null }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureIdTaken', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type RenameLectureMutationVariables = Exact<{
  id: string;
  newId: string;
  clientKey?: string | null | undefined;
}>;


export type RenameLectureMutation = { readonly renameLecture:
    | { readonly __typename: 'LectureRenamed', readonly was: string, readonly lecture: { readonly id: string, readonly version: number, readonly title: string | null, readonly isShadow: boolean } | null }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureIdTaken', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type DeleteLectureMutationVariables = Exact<{
  id: string;
  clientKey?: string | null | undefined;
}>;


export type DeleteLectureMutation = { readonly deleteLecture:
    | { readonly __typename: 'LectureDeleted', readonly id: string }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type UploadMediumMutationVariables = Exact<{
  sort: MediumSort;
  base64: string;
  clientKey?: string | null | undefined;
}>;


export type UploadMediumMutation = { readonly uploadMedium:
    | { readonly __typename: 'MediumUploaded', readonly sha256: string }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type RegenerateLectureMutationVariables = Exact<{
  id: string;
  planToken?: string | null | undefined;
  scope?: RegenerationScopeInput | null | undefined;
  maxCostUsdMicros?: number | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type RegenerateLectureMutation = { readonly regenerateLecture:
    | { readonly __typename: 'RegenerationQueued', readonly regeneration: RegenerationState }
    | { readonly __typename: 'PlanChanged', readonly code: string, readonly message: string, readonly added: ReadonlyArray<string>, readonly removed: ReadonlyArray<string>, readonly changed: ReadonlyArray<string>, readonly known: boolean, readonly highBeforeUsdMicros: number | null, readonly newPlan: { readonly lecture: string, readonly version: number, readonly token: string, readonly nodeCount: number, readonly idle: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly affectedSegments: ReadonlyArray<number>, readonly warnings: ReadonlyArray<string>, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } }
    | { readonly __typename: 'CeilingReached', readonly code: string, readonly message: string, readonly ceiling: SpendingCeilingKind, readonly allowedUsdMicros: number, readonly committedUsdMicros: number, readonly missingUsdMicros: number }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureIsShadow', readonly code: string, readonly message: string }
   };

export type CancelRegenerationMutationVariables = Exact<{
  id: string;
  clientKey?: string | null | undefined;
}>;


export type CancelRegenerationMutation = { readonly cancelRegeneration:
    | { readonly __typename: 'RegenerationCanceled', readonly was: RegenerationState, readonly stopped: ReadonlyArray<string> }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type WatchLectureSubscriptionVariables = Exact<{
  id: string;
  after?: number | null | undefined;
}>;


export type WatchLectureSubscription = { readonly lectureProgress:
    | { readonly __typename: 'LectureRevisionEvent', readonly number: number, readonly at: number, readonly version: number, readonly edits: ReadonlyArray<string> }
    | { readonly __typename: 'LectureRunStartedEvent', readonly number: number, readonly at: number, readonly run: number, readonly version: number }
    | { readonly __typename: 'LectureRunPlannedEvent', readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly token: string, readonly nodes: number, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> }
    | { readonly __typename: 'LectureNodeStartedEvent', readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly node: string, readonly model: string }
    | { readonly __typename: 'LectureNodeDelayedEvent', readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly node: string, readonly seconds: number, readonly message: string }
    | { readonly __typename: 'LectureNodeEvent', readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly node: string, readonly outcome: LectureNodeOutcome, readonly take: number | null, readonly costUsdMicros: number, readonly failure: string | null, readonly spentUsdMicros: number, readonly left: number }
    | { readonly __typename: 'LectureTimelineEvent', readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly timeline: string, readonly base: string | null, readonly patch: ReadonlyArray<{ readonly op: string, readonly path: string, readonly value: string | null }> | null }
    | { readonly __typename: 'LectureRunEndedEvent', readonly number: number, readonly at: number, readonly run: number, readonly version: number, readonly ending: LectureRunOutcome, readonly queued: boolean, readonly report: { readonly made: number, readonly restored: number, readonly failed: number, readonly blocked: number, readonly stopped: number, readonly calls: number, readonly costUsdMicros: number, readonly savedUsdMicros: number } | null }
    | { readonly __typename: 'LectureWithdrawnEvent', readonly number: number, readonly at: number }
    | { readonly __typename: 'LectureResetEvent', readonly number: number, readonly at: number }
   };

export type WholeSumsFragment = { readonly edits: number, readonly nodes: number, readonly calls: number, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly comparedEdits: number, readonly comparedLowUsdMicros: number, readonly comparedHighUsdMicros: number, readonly legacyUsdMicros: number };

export type WholePriceFragment = { readonly nodes: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> };

export type WholeImportFragment = { readonly id: string, readonly createdAt: number, readonly total: number, readonly waiting: number, readonly imported: number, readonly failed: number, readonly canceled: number };

export type RolloutSetFragment = { readonly rule: { readonly percent: number } };

export type LectureLeftToLegacyFragment = { readonly system: LectureSystem, readonly rolloutKey: string };

export type LectureImportQueuedFragment = { readonly import: { readonly id: string, readonly createdAt: number, readonly total: number, readonly waiting: number, readonly imported: number, readonly failed: number, readonly canceled: number } | null };

export type LectureImportCanceledFragment = { readonly left: number, readonly import: { readonly id: string, readonly createdAt: number, readonly total: number, readonly waiting: number, readonly imported: number, readonly failed: number, readonly canceled: number } | null };

export type LecturePromotedFragment = { readonly promoted: boolean, readonly lecture: { readonly id: string, readonly version: number, readonly title: string | null, readonly isShadow: boolean } | null };

export type LegacyCostRecordedFragment = { readonly shadow: { readonly nodes: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } };

export type AskRolloutQueryVariables = Exact<{
  key: string;
}>;


export type AskRolloutQuery = { readonly rollout: { readonly key: string, readonly system: LectureSystem, readonly because: LectureRolloutReason } };

export type ReadRolloutRuleQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ReadRolloutRuleQuery = { readonly rolloutRule: { readonly percent: number, readonly keys: { readonly items: ReadonlyArray<{ readonly key: string, readonly system: LectureSystem }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ReadImportQueryVariables = Exact<{
  id: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  states?: ReadonlyArray<LectureImportItemState> | LectureImportItemState | null | undefined;
}>;


export type ReadImportQuery = { readonly lectureImport: { readonly id: string, readonly createdAt: number, readonly total: number, readonly waiting: number, readonly imported: number, readonly failed: number, readonly canceled: number, readonly items: { readonly items: ReadonlyArray<{ readonly number: number, readonly state: LectureImportItemState, readonly wantedId: string, readonly lectureId: string | null, readonly shadow: boolean, readonly created: boolean | null, readonly adopted: number | null, readonly missing: number | null, readonly endedAt: number | null, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } | null };

export type ListImportsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ListImportsQuery = { readonly lectureImports: { readonly items: ReadonlyArray<{ readonly id: string, readonly createdAt: number, readonly total: number, readonly waiting: number, readonly imported: number, readonly failed: number, readonly canceled: number }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type ReadShadowReportQueryVariables = Exact<{
  since?: number | null | undefined;
  until?: number | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ReadShadowReportQuery = { readonly shadowReport: { readonly total: { readonly edits: number, readonly nodes: number, readonly calls: number, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly comparedEdits: number, readonly comparedLowUsdMicros: number, readonly comparedHighUsdMicros: number, readonly legacyUsdMicros: number }, readonly lectures: { readonly items: ReadonlyArray<{ readonly lecture: string, readonly sum: { readonly edits: number, readonly nodes: number, readonly calls: number, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly comparedEdits: number, readonly comparedLowUsdMicros: number, readonly comparedHighUsdMicros: number, readonly legacyUsdMicros: number } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } } };

export type SetRolloutMutationVariables = Exact<{
  percent?: number | null | undefined;
  allow?: ReadonlyArray<string> | string | null | undefined;
  deny?: ReadonlyArray<string> | string | null | undefined;
  forget?: ReadonlyArray<string> | string | null | undefined;
  clientKey?: string | null | undefined;
}>;


export type SetRolloutMutation = { readonly setRollout:
    | { readonly __typename: 'RolloutSet', readonly rule: { readonly percent: number } }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type ImportLecturesMutationVariables = Exact<{
  lectures: ReadonlyArray<LectureImportItemInput> | LectureImportItemInput;
  clientKey?: string | null | undefined;
}>;


export type ImportLecturesMutation = { readonly importLectures:
    | { readonly __typename: 'LectureImportQueued', readonly import: { readonly id: string, readonly createdAt: number, readonly total: number, readonly waiting: number, readonly imported: number, readonly failed: number, readonly canceled: number } | null }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type CancelLectureImportMutationVariables = Exact<{
  id: string;
  clientKey?: string | null | undefined;
}>;


export type CancelLectureImportMutation = { readonly cancelLectureImport:
    | { readonly __typename: 'LectureImportCanceled', readonly left: number, readonly import: { readonly id: string, readonly createdAt: number, readonly total: number, readonly waiting: number, readonly imported: number, readonly failed: number, readonly canceled: number } | null }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureImportNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type PromoteLectureMutationVariables = Exact<{
  id: string;
  clientKey?: string | null | undefined;
}>;


export type PromoteLectureMutation = { readonly promoteLecture:
    | { readonly __typename: 'LecturePromoted', readonly promoted: boolean, readonly lecture: { readonly id: string, readonly version: number, readonly title: string | null, readonly isShadow: boolean } | null }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export type RecordLegacyCostMutationVariables = Exact<{
  id: string;
  version: number;
  costUsdMicros: number;
  clientKey?: string | null | undefined;
}>;


export type RecordLegacyCostMutation = { readonly recordLegacyCost:
    | { readonly __typename: 'LegacyCostRecorded', readonly shadow: { readonly nodes: ReadonlyArray<string>, readonly lowUsdMicros: number, readonly highUsdMicros: number, readonly estimatedSeconds: number, readonly calls: ReadonlyArray<{ readonly role: LectureRole, readonly count: number }> } }
    | { readonly __typename: 'InvalidEdit', readonly code: string, readonly message: string, readonly faults: ReadonlyArray<{ readonly where: string, readonly found: string, readonly allowed: string }> }
    | { readonly __typename: 'LectureNotFound', readonly code: string, readonly message: string }
    | { readonly __typename: 'KeyReused', readonly code: string, readonly message: string }
    | { readonly __typename: 'LectureBusy', readonly code: string, readonly message: string }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const PageEndFragmentDoc = new TypedDocumentString(`
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}
    `, {"fragmentName":"PageEnd"}) as unknown as TypedDocumentString<PageEndFragment, unknown>;
export const WholeErrorFragmentDoc = new TypedDocumentString(`
    fragment WholeError on LectureNodeError {
  kind
  message
  retryable
  providerCode
  tries
  requestId
  chain
}
    `, {"fragmentName":"WholeError"}) as unknown as TypedDocumentString<WholeErrorFragment, unknown>;
export const WholeCostsFragmentDoc = new TypedDocumentString(`
    fragment WholeCosts on LectureCosts {
  estimatedUsdMicros
  spentUsdMicros
  spentByEstimateUsdMicros
  savedUsdMicros
  providers {
    provider
    calls
    spentUsdMicros
    savedUsdMicros
  }
  models {
    model
    role
    calls
    spentUsdMicros
    savedUsdMicros
  }
}
    `, {"fragmentName":"WholeCosts"}) as unknown as TypedDocumentString<WholeCostsFragment, unknown>;
export const WholeCeilingFragmentDoc = new TypedDocumentString(`
    fragment WholeCeiling on SpendingCeiling {
  ceiling
  allowedUsdMicros
  committedUsdMicros
  leftUsdMicros
}
    `, {"fragmentName":"WholeCeiling"}) as unknown as TypedDocumentString<WholeCeilingFragment, unknown>;
export const WholeReasonFragmentDoc = new TypedDocumentString(`
    fragment WholeReason on StaleReason {
  kind
  input
  text
}
    `, {"fragmentName":"WholeReason"}) as unknown as TypedDocumentString<WholeReasonFragment, unknown>;
export const PlannedNodeFragmentDoc = new TypedDocumentString(`
    fragment PlannedNode on PlannedLectureNode {
  id
  status
  reasons {
    ...WholeReason
  }
  layer
  restored
  calls {
    provider
    model
    role
    lowUsdMicros
    highUsdMicros
  }
}
    fragment WholeReason on StaleReason {
  kind
  input
  text
}`, {"fragmentName":"PlannedNode"}) as unknown as TypedDocumentString<PlannedNodeFragment, unknown>;
export const ProblemFragmentDoc = new TypedDocumentString(`
    fragment Problem on Problem {
  code
  message
}
    `, {"fragmentName":"Problem"}) as unknown as TypedDocumentString<ProblemFragment, unknown>;
export const InvalidEditFragmentDoc = new TypedDocumentString(`
    fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
    `, {"fragmentName":"InvalidEdit"}) as unknown as TypedDocumentString<InvalidEditFragment, unknown>;
export const MediumFragmentDoc = new TypedDocumentString(`
    fragment Medium on TimelineMedium {
  sha256
  mediaType
}
    `, {"fragmentName":"Medium"}) as unknown as TypedDocumentString<MediumFragment, unknown>;
export const WholeProgressFragmentDoc = new TypedDocumentString(`
    fragment WholeProgress on LectureProgressSoFar {
  regeneration
  nodes
  statuses {
    status
    count
  }
  spentUsdMicros
}
    `, {"fragmentName":"WholeProgress"}) as unknown as TypedDocumentString<WholeProgressFragment, unknown>;
export const WholeLectureFragmentDoc = new TypedDocumentString(`
    fragment WholeLecture on Lecture {
  id
  isShadow
  version
  publishedVersion
  createdAt
  title
  settings {
    prompt
    notes
    audience
    language
    duration
    segmentLength
    numSegments
    imagesPerSegment
    imageStyle
    aspectRatio
    useVideo
    assemblyStrategy
    voice
    systemPrompt
    lexicon {
      show
      say
    }
    musicPromptMod
    musicVolume
    titleDisplay
    models {
      text
      speech
      image
      video
      music
    }
  }
  segments {
    slot
    position
    added
  }
  progress {
    ...WholeProgress
  }
  warnings
}
    fragment WholeProgress on LectureProgressSoFar {
  regeneration
  nodes
  statuses {
    status
    count
  }
  spentUsdMicros
}`, {"fragmentName":"WholeLecture"}) as unknown as TypedDocumentString<WholeLectureFragment, unknown>;
export const LectureCreatedFragmentDoc = new TypedDocumentString(`
    fragment LectureCreated on LectureCreated {
  system
  created
  warnings
  lecture {
    ...WholeLecture
  }
}
    fragment WholeLecture on Lecture {
  id
  isShadow
  version
  publishedVersion
  createdAt
  title
  settings {
    prompt
    notes
    audience
    language
    duration
    segmentLength
    numSegments
    imagesPerSegment
    imageStyle
    aspectRatio
    useVideo
    assemblyStrategy
    voice
    systemPrompt
    lexicon {
      show
      say
    }
    musicPromptMod
    musicVolume
    titleDisplay
    models {
      text
      speech
      image
      video
      music
    }
  }
  segments {
    slot
    position
    added
  }
  progress {
    ...WholeProgress
  }
  warnings
}
fragment WholeProgress on LectureProgressSoFar {
  regeneration
  nodes
  statuses {
    status
    count
  }
  spentUsdMicros
}`, {"fragmentName":"LectureCreated"}) as unknown as TypedDocumentString<LectureCreatedFragment, unknown>;
export const LectureImportedFragmentDoc = new TypedDocumentString(`
    fragment LectureImported on LectureImported {
  created
  adopted
  missing
  lecture {
    ...WholeLecture
  }
}
    fragment WholeLecture on Lecture {
  id
  isShadow
  version
  publishedVersion
  createdAt
  title
  settings {
    prompt
    notes
    audience
    language
    duration
    segmentLength
    numSegments
    imagesPerSegment
    imageStyle
    aspectRatio
    useVideo
    assemblyStrategy
    voice
    systemPrompt
    lexicon {
      show
      say
    }
    musicPromptMod
    musicVolume
    titleDisplay
    models {
      text
      speech
      image
      video
      music
    }
  }
  segments {
    slot
    position
    added
  }
  progress {
    ...WholeProgress
  }
  warnings
}
fragment WholeProgress on LectureProgressSoFar {
  regeneration
  nodes
  statuses {
    status
    count
  }
  spentUsdMicros
}`, {"fragmentName":"LectureImported"}) as unknown as TypedDocumentString<LectureImportedFragment, unknown>;
export const LectureHeadFragmentDoc = new TypedDocumentString(`
    fragment LectureHead on Lecture {
  id
  version
  title
  isShadow
}
    `, {"fragmentName":"LectureHead"}) as unknown as TypedDocumentString<LectureHeadFragment, unknown>;
export const LectureCopiedFragmentDoc = new TypedDocumentString(`
    fragment LectureCopied on LectureCopied {
  copiedFrom
  created
  stale
  warnings
  lecture {
    ...LectureHead
  }
}
    fragment LectureHead on Lecture {
  id
  version
  title
  isShadow
}`, {"fragmentName":"LectureCopied"}) as unknown as TypedDocumentString<LectureCopiedFragment, unknown>;
export const LectureRenamedFragmentDoc = new TypedDocumentString(`
    fragment LectureRenamed on LectureRenamed {
  was
  lecture {
    ...LectureHead
  }
}
    fragment LectureHead on Lecture {
  id
  version
  title
  isShadow
}`, {"fragmentName":"LectureRenamed"}) as unknown as TypedDocumentString<LectureRenamedFragment, unknown>;
export const LectureDeletedFragmentDoc = new TypedDocumentString(`
    fragment LectureDeleted on LectureDeleted {
  id
}
    `, {"fragmentName":"LectureDeleted"}) as unknown as TypedDocumentString<LectureDeletedFragment, unknown>;
export const MediumUploadedFragmentDoc = new TypedDocumentString(`
    fragment MediumUploaded on MediumUploaded {
  sha256
}
    `, {"fragmentName":"MediumUploaded"}) as unknown as TypedDocumentString<MediumUploadedFragment, unknown>;
export const RegenerationQueuedFragmentDoc = new TypedDocumentString(`
    fragment RegenerationQueued on RegenerationQueued {
  regeneration
}
    `, {"fragmentName":"RegenerationQueued"}) as unknown as TypedDocumentString<RegenerationQueuedFragment, unknown>;
export const LecturePlanFragmentDoc = new TypedDocumentString(`
    fragment LecturePlan on LecturePlan {
  lecture
  version
  token
  nodeCount
  idle
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
  affectedSegments
  warnings
}
    `, {"fragmentName":"LecturePlan"}) as unknown as TypedDocumentString<LecturePlanFragment, unknown>;
export const PlanChangedFragmentDoc = new TypedDocumentString(`
    fragment PlanChanged on PlanChanged {
  added
  removed
  changed
  known
  highBeforeUsdMicros
  newPlan {
    ...LecturePlan
  }
}
    fragment LecturePlan on LecturePlan {
  lecture
  version
  token
  nodeCount
  idle
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
  affectedSegments
  warnings
}`, {"fragmentName":"PlanChanged"}) as unknown as TypedDocumentString<PlanChangedFragment, unknown>;
export const CeilingReachedFragmentDoc = new TypedDocumentString(`
    fragment CeilingReached on CeilingReached {
  ceiling
  allowedUsdMicros
  committedUsdMicros
  missingUsdMicros
}
    `, {"fragmentName":"CeilingReached"}) as unknown as TypedDocumentString<CeilingReachedFragment, unknown>;
export const RegenerationCanceledFragmentDoc = new TypedDocumentString(`
    fragment RegenerationCanceled on RegenerationCanceled {
  was
  stopped
}
    `, {"fragmentName":"RegenerationCanceled"}) as unknown as TypedDocumentString<RegenerationCanceledFragment, unknown>;
export const LectureRevisionEventFragmentDoc = new TypedDocumentString(`
    fragment LectureRevisionEvent on LectureRevisionEvent {
  number
  at
  version
  edits
}
    `, {"fragmentName":"LectureRevisionEvent"}) as unknown as TypedDocumentString<LectureRevisionEventFragment, unknown>;
export const LectureRunStartedEventFragmentDoc = new TypedDocumentString(`
    fragment LectureRunStartedEvent on LectureRunStartedEvent {
  number
  at
  run
  version
}
    `, {"fragmentName":"LectureRunStartedEvent"}) as unknown as TypedDocumentString<LectureRunStartedEventFragment, unknown>;
export const LectureRunPlannedEventFragmentDoc = new TypedDocumentString(`
    fragment LectureRunPlannedEvent on LectureRunPlannedEvent {
  number
  at
  run
  version
  token
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}
    `, {"fragmentName":"LectureRunPlannedEvent"}) as unknown as TypedDocumentString<LectureRunPlannedEventFragment, unknown>;
export const LectureNodeStartedEventFragmentDoc = new TypedDocumentString(`
    fragment LectureNodeStartedEvent on LectureNodeStartedEvent {
  number
  at
  run
  version
  node
  model
}
    `, {"fragmentName":"LectureNodeStartedEvent"}) as unknown as TypedDocumentString<LectureNodeStartedEventFragment, unknown>;
export const LectureNodeDelayedEventFragmentDoc = new TypedDocumentString(`
    fragment LectureNodeDelayedEvent on LectureNodeDelayedEvent {
  number
  at
  run
  version
  node
  seconds
  message
}
    `, {"fragmentName":"LectureNodeDelayedEvent"}) as unknown as TypedDocumentString<LectureNodeDelayedEventFragment, unknown>;
export const LectureNodeEventFragmentDoc = new TypedDocumentString(`
    fragment LectureNodeEvent on LectureNodeEvent {
  number
  at
  run
  version
  node
  outcome
  take
  costUsdMicros
  failure
  spentUsdMicros
  left
}
    `, {"fragmentName":"LectureNodeEvent"}) as unknown as TypedDocumentString<LectureNodeEventFragment, unknown>;
export const LectureTimelineEventFragmentDoc = new TypedDocumentString(`
    fragment LectureTimelineEvent on LectureTimelineEvent {
  number
  at
  run
  version
  timeline
  base
  patch {
    op
    path
    value
  }
}
    `, {"fragmentName":"LectureTimelineEvent"}) as unknown as TypedDocumentString<LectureTimelineEventFragment, unknown>;
export const LectureRunEndedEventFragmentDoc = new TypedDocumentString(`
    fragment LectureRunEndedEvent on LectureRunEndedEvent {
  number
  at
  run
  version
  ending
  queued
  report {
    made
    restored
    failed
    blocked
    stopped
    calls
    costUsdMicros
    savedUsdMicros
  }
}
    `, {"fragmentName":"LectureRunEndedEvent"}) as unknown as TypedDocumentString<LectureRunEndedEventFragment, unknown>;
export const LectureWithdrawnEventFragmentDoc = new TypedDocumentString(`
    fragment LectureWithdrawnEvent on LectureWithdrawnEvent {
  number
  at
}
    `, {"fragmentName":"LectureWithdrawnEvent"}) as unknown as TypedDocumentString<LectureWithdrawnEventFragment, unknown>;
export const LectureResetEventFragmentDoc = new TypedDocumentString(`
    fragment LectureResetEvent on LectureResetEvent {
  number
  at
}
    `, {"fragmentName":"LectureResetEvent"}) as unknown as TypedDocumentString<LectureResetEventFragment, unknown>;
export const WholePriceFragmentDoc = new TypedDocumentString(`
    fragment WholePrice on ShadowPrice {
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}
    `, {"fragmentName":"WholePrice"}) as unknown as TypedDocumentString<WholePriceFragment, unknown>;
export const LectureEditedFragmentDoc = new TypedDocumentString(`
    fragment LectureEdited on LectureEdited {
  version
  edits
  stale
  conflicts
  warnings
  shadow {
    ...WholePrice
  }
}
    fragment WholePrice on ShadowPrice {
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}`, {"fragmentName":"LectureEdited"}) as unknown as TypedDocumentString<LectureEditedFragment, unknown>;
export const RevisionFragmentDoc = new TypedDocumentString(`
    fragment Revision on LectureRevision {
  version
  edits
  clientKey
  createdAt
}
    `, {"fragmentName":"Revision"}) as unknown as TypedDocumentString<RevisionFragment, unknown>;
export const LectureConflictFragmentDoc = new TypedDocumentString(`
    fragment LectureConflict on LectureConflict {
  expectedVersion
  actualVersion
  since {
    ...Revision
  }
}
    fragment Revision on LectureRevision {
  version
  edits
  clientKey
  createdAt
}`, {"fragmentName":"LectureConflict"}) as unknown as TypedDocumentString<LectureConflictFragment, unknown>;
export const WholeSumsFragmentDoc = new TypedDocumentString(`
    fragment WholeSums on ShadowSum {
  edits
  nodes
  calls
  lowUsdMicros
  highUsdMicros
  comparedEdits
  comparedLowUsdMicros
  comparedHighUsdMicros
  legacyUsdMicros
}
    `, {"fragmentName":"WholeSums"}) as unknown as TypedDocumentString<WholeSumsFragment, unknown>;
export const RolloutSetFragmentDoc = new TypedDocumentString(`
    fragment RolloutSet on RolloutSet {
  rule {
    percent
  }
}
    `, {"fragmentName":"RolloutSet"}) as unknown as TypedDocumentString<RolloutSetFragment, unknown>;
export const LectureLeftToLegacyFragmentDoc = new TypedDocumentString(`
    fragment LectureLeftToLegacy on LectureLeftToLegacy {
  system
  rolloutKey
}
    `, {"fragmentName":"LectureLeftToLegacy"}) as unknown as TypedDocumentString<LectureLeftToLegacyFragment, unknown>;
export const WholeImportFragmentDoc = new TypedDocumentString(`
    fragment WholeImport on LectureImport {
  id
  createdAt
  total
  waiting
  imported
  failed
  canceled
}
    `, {"fragmentName":"WholeImport"}) as unknown as TypedDocumentString<WholeImportFragment, unknown>;
export const LectureImportQueuedFragmentDoc = new TypedDocumentString(`
    fragment LectureImportQueued on LectureImportQueued {
  import {
    ...WholeImport
  }
}
    fragment WholeImport on LectureImport {
  id
  createdAt
  total
  waiting
  imported
  failed
  canceled
}`, {"fragmentName":"LectureImportQueued"}) as unknown as TypedDocumentString<LectureImportQueuedFragment, unknown>;
export const LectureImportCanceledFragmentDoc = new TypedDocumentString(`
    fragment LectureImportCanceled on LectureImportCanceled {
  left
  import {
    ...WholeImport
  }
}
    fragment WholeImport on LectureImport {
  id
  createdAt
  total
  waiting
  imported
  failed
  canceled
}`, {"fragmentName":"LectureImportCanceled"}) as unknown as TypedDocumentString<LectureImportCanceledFragment, unknown>;
export const LecturePromotedFragmentDoc = new TypedDocumentString(`
    fragment LecturePromoted on LecturePromoted {
  promoted
  lecture {
    ...LectureHead
  }
}
    fragment LectureHead on Lecture {
  id
  version
  title
  isShadow
}`, {"fragmentName":"LecturePromoted"}) as unknown as TypedDocumentString<LecturePromotedFragment, unknown>;
export const LegacyCostRecordedFragmentDoc = new TypedDocumentString(`
    fragment LegacyCostRecorded on LegacyCostRecorded {
  shadow {
    ...WholePrice
  }
}
    fragment WholePrice on ShadowPrice {
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}`, {"fragmentName":"LegacyCostRecorded"}) as unknown as TypedDocumentString<LegacyCostRecordedFragment, unknown>;
export const ListLecturesDocument = new TypedDocumentString(`
    query ListLectures($first: Int = 50, $after: String) {
  lectures(first: $first, after: $after) {
    items {
      id
      version
      publishedVersion
      regeneration
      title
      createdAt
    }
    pageInfo {
      ...PageEnd
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ListLecturesQuery, ListLecturesQueryVariables>;
export const ReadLectureDocument = new TypedDocumentString(`
    query ReadLecture($id: ID!) {
  lecture(id: $id) {
    ...WholeLecture
  }
}
    fragment WholeLecture on Lecture {
  id
  isShadow
  version
  publishedVersion
  createdAt
  title
  settings {
    prompt
    notes
    audience
    language
    duration
    segmentLength
    numSegments
    imagesPerSegment
    imageStyle
    aspectRatio
    useVideo
    assemblyStrategy
    voice
    systemPrompt
    lexicon {
      show
      say
    }
    musicPromptMod
    musicVolume
    titleDisplay
    models {
      text
      speech
      image
      video
      music
    }
  }
  segments {
    slot
    position
    added
  }
  progress {
    ...WholeProgress
  }
  warnings
}
fragment WholeProgress on LectureProgressSoFar {
  regeneration
  nodes
  statuses {
    status
    count
  }
  spentUsdMicros
}`) as unknown as TypedDocumentString<ReadLectureQuery, ReadLectureQueryVariables>;
export const ListNodesDocument = new TypedDocumentString(`
    query ListNodes($id: ID!, $first: Int = 50, $after: String, $statuses: [LectureNodeStatus!], $kinds: [String!], $segment: Int) {
  lecture(id: $id) {
    version
    nodes(
      first: $first
      after: $after
      statuses: $statuses
      kinds: $kinds
      segment: $segment
    ) {
      total
      items {
        id
        kind
        category
        segment
        image
        role
        status
        pinned
        take
        madeBy
        madeAt
        costUsdMicros
        reads
        reasons {
          ...WholeReason
        }
        error {
          ...WholeError
        }
        value {
          __typename
          ... on LectureText {
            text
          }
          ... on LecturePicture {
            sha256
            mediaType
            width
            height
          }
          ... on LectureClip {
            sha256
            mediaType
            width
            height
            durationMs
          }
          ... on LectureSpeech {
            sha256
            mediaType
            durationMs
          }
          ... on LectureMusic {
            sha256
            mediaType
            durationMs
          }
        }
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}
fragment WholeReason on StaleReason {
  kind
  input
  text
}
fragment WholeError on LectureNodeError {
  kind
  message
  retryable
  providerCode
  tries
  requestId
  chain
}`) as unknown as TypedDocumentString<ListNodesQuery, ListNodesQueryVariables>;
export const ListTakesDocument = new TypedDocumentString(`
    query ListTakes($id: ID!, $node: ID!, $first: Int = 50, $after: String) {
  lecture(id: $id) {
    takes(node: $node, first: $first, after: $after) {
      total
      items {
        number
        counts
        chosen
        madeBy
        madeAt
        costUsdMicros
        version
        available
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ListTakesQuery, ListTakesQueryVariables>;
export const ExplainNodeDocument = new TypedDocumentString(`
    query ExplainNode($id: ID!, $node: ID!) {
  lecture(id: $id) {
    explain(node: $node) {
      node
      status
      pinned
      take
      madeBy
      madeFrom {
        id
        version
        status
      }
      reasons {
        kind
        input
        text
        changes {
          part
          before
          after
        }
        words {
          before
          after
        }
      }
      unchanged
      chain {
        node
        reasons {
          kind
          input
          text
        }
      }
      error {
        ...WholeError
      }
    }
  }
}
    fragment WholeError on LectureNodeError {
  kind
  message
  retryable
  providerCode
  tries
  requestId
  chain
}`) as unknown as TypedDocumentString<ExplainNodeQuery, ExplainNodeQueryVariables>;
export const ListVersionsDocument = new TypedDocumentString(`
    query ListVersions($id: ID!, $first: Int = 50, $after: String) {
  lecture(id: $id) {
    history(first: $first, after: $after) {
      items {
        ...Revision
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}
fragment Revision on LectureRevision {
  version
  edits
  clientKey
  createdAt
}`) as unknown as TypedDocumentString<ListVersionsQuery, ListVersionsQueryVariables>;
export const ListConflictsDocument = new TypedDocumentString(`
    query ListConflicts($id: ID!, $first: Int = 50, $after: String) {
  lecture(id: $id) {
    conflicts(first: $first, after: $after) {
      total
      items {
        node
        merged
        base {
          __typename
          ... on LectureText {
            text
          }
        }
        mine {
          __typename
          ... on LectureText {
            text
          }
        }
        theirs {
          __typename
          ... on LectureText {
            text
          }
        }
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ListConflictsQuery, ListConflictsQueryVariables>;
export const ReadCostsDocument = new TypedDocumentString(`
    query ReadCosts($id: ID!) {
  lecture(id: $id) {
    costs {
      ...WholeCosts
    }
    ceilings {
      ...WholeCeiling
    }
  }
}
    fragment WholeCosts on LectureCosts {
  estimatedUsdMicros
  spentUsdMicros
  spentByEstimateUsdMicros
  savedUsdMicros
  providers {
    provider
    calls
    spentUsdMicros
    savedUsdMicros
  }
  models {
    model
    role
    calls
    spentUsdMicros
    savedUsdMicros
  }
}
fragment WholeCeiling on SpendingCeiling {
  ceiling
  allowedUsdMicros
  committedUsdMicros
  leftUsdMicros
}`) as unknown as TypedDocumentString<ReadCostsQuery, ReadCostsQueryVariables>;
export const ReadWorkspaceCostsDocument = new TypedDocumentString(`
    query ReadWorkspaceCosts {
  workspaceCosts {
    ...WholeCosts
  }
  workspaceCeilings {
    ...WholeCeiling
  }
}
    fragment WholeCosts on LectureCosts {
  estimatedUsdMicros
  spentUsdMicros
  spentByEstimateUsdMicros
  savedUsdMicros
  providers {
    provider
    calls
    spentUsdMicros
    savedUsdMicros
  }
  models {
    model
    role
    calls
    spentUsdMicros
    savedUsdMicros
  }
}
fragment WholeCeiling on SpendingCeiling {
  ceiling
  allowedUsdMicros
  committedUsdMicros
  leftUsdMicros
}`) as unknown as TypedDocumentString<ReadWorkspaceCostsQuery, ReadWorkspaceCostsQueryVariables>;
export const ListVoicesDocument = new TypedDocumentString(`
    query ListVoices {
  voices {
    voice
    note
    languages
    models {
      model
      voice
      wordTimes
      languages
    }
  }
}
    `) as unknown as TypedDocumentString<ListVoicesQuery, ListVoicesQueryVariables>;
export const ReadTimelineDocument = new TypedDocumentString(`
    query ReadTimeline($id: ID!) {
  lecture(id: $id) {
    version
    publishedVersion
    timeline {
      schema
      fps
      width
      height
      durationInFrames
      assemblyStrategy
      title {
        type
        startFrame
        durationInFrames
        text
        display
        fadeInFrames
        fadeOutFrames
        colour
        reason
      }
      segments {
        slot
        position
        startFrame
        durationInFrames
        effect
        backgroundMusic
        layers {
          type
          startFrame
          durationInFrames
          fadeInFrames
          fadeOutFrames
          media {
            ...Medium
          }
          fit
          image
          motion {
            from {
              scalePermille
              xPermille
              yPermille
            }
            to {
              scalePermille
              xPermille
              yPermille
            }
          }
          sourceDurationMs
          sourceStartMs
          playbackRatePermille
          afterEnd
          medium
          reason
        }
        narration {
          type
          startFrame
          durationInFrames
          startMs
          durationMs
          media {
            ...Medium
          }
          gainMillibel
          reason
        }
        captions {
          text
          startMs
          endMs
          words {
            text
            startMs
            endMs
          }
        }
      }
      music {
        type
        startFrame
        durationInFrames
        media {
          ...Medium
        }
        sourceDurationMs
        afterEnd
        gainMillibel
        parts {
          startFrame
          durationInFrames
          sourceStartMs
          fadeInFrames
          fadeOutFrames
        }
        envelope {
          frame
          gainPermille
        }
        reason
      }
    }
  }
}
    fragment Medium on TimelineMedium {
  sha256
  mediaType
}`) as unknown as TypedDocumentString<ReadTimelineQuery, ReadTimelineQueryVariables>;
export const PlanLectureDocument = new TypedDocumentString(`
    query PlanLecture($id: ID!, $edits: [LectureEditInput!], $scope: RegenerationScopeInput) {
  lecture(id: $id) {
    plan(edits: $edits, scope: $scope) {
      __typename
      ... on LecturePlan {
        ...LecturePlan
        nodes(first: 100) {
          items {
            ...PlannedNode
          }
          pageInfo {
            ...PageEnd
          }
        }
      }
      ...Problem
      ...InvalidEdit
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}
fragment WholeReason on StaleReason {
  kind
  input
  text
}
fragment LecturePlan on LecturePlan {
  lecture
  version
  token
  nodeCount
  idle
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
  affectedSegments
  warnings
}
fragment PlannedNode on PlannedLectureNode {
  id
  status
  reasons {
    ...WholeReason
  }
  layer
  restored
  calls {
    provider
    model
    role
    lowUsdMicros
    highUsdMicros
  }
}
fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}`) as unknown as TypedDocumentString<PlanLectureQuery, PlanLectureQueryVariables>;
export const CreateLectureDocument = new TypedDocumentString(`
    mutation CreateLecture($brief: LectureBriefInput!, $id: ID, $rolloutKey: String, $clientKey: String) {
  createLecture(
    brief: $brief
    id: $id
    rolloutKey: $rolloutKey
    clientKey: $clientKey
  ) {
    __typename
    ...LectureCreated
    ...Problem
    ...LectureLeftToLegacy
    ...InvalidEdit
  }
}
    fragment WholeLecture on Lecture {
  id
  isShadow
  version
  publishedVersion
  createdAt
  title
  settings {
    prompt
    notes
    audience
    language
    duration
    segmentLength
    numSegments
    imagesPerSegment
    imageStyle
    aspectRatio
    useVideo
    assemblyStrategy
    voice
    systemPrompt
    lexicon {
      show
      say
    }
    musicPromptMod
    musicVolume
    titleDisplay
    models {
      text
      speech
      image
      video
      music
    }
  }
  segments {
    slot
    position
    added
  }
  progress {
    ...WholeProgress
  }
  warnings
}
fragment WholeProgress on LectureProgressSoFar {
  regeneration
  nodes
  statuses {
    status
    count
  }
  spentUsdMicros
}
fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment LectureCreated on LectureCreated {
  system
  created
  warnings
  lecture {
    ...WholeLecture
  }
}
fragment LectureLeftToLegacy on LectureLeftToLegacy {
  system
  rolloutKey
}`) as unknown as TypedDocumentString<CreateLectureMutation, CreateLectureMutationVariables>;
export const ImportLectureDocument = new TypedDocumentString(`
    mutation ImportLecture($lecture: ImportedLectureInput!, $id: ID, $shadow: Boolean, $clientKey: String) {
  importLecture(
    lecture: $lecture
    id: $id
    shadow: $shadow
    clientKey: $clientKey
  ) {
    __typename
    ...LectureImported
    ...Problem
    ...InvalidEdit
  }
}
    fragment WholeLecture on Lecture {
  id
  isShadow
  version
  publishedVersion
  createdAt
  title
  settings {
    prompt
    notes
    audience
    language
    duration
    segmentLength
    numSegments
    imagesPerSegment
    imageStyle
    aspectRatio
    useVideo
    assemblyStrategy
    voice
    systemPrompt
    lexicon {
      show
      say
    }
    musicPromptMod
    musicVolume
    titleDisplay
    models {
      text
      speech
      image
      video
      music
    }
  }
  segments {
    slot
    position
    added
  }
  progress {
    ...WholeProgress
  }
  warnings
}
fragment WholeProgress on LectureProgressSoFar {
  regeneration
  nodes
  statuses {
    status
    count
  }
  spentUsdMicros
}
fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment LectureImported on LectureImported {
  created
  adopted
  missing
  lecture {
    ...WholeLecture
  }
}`) as unknown as TypedDocumentString<ImportLectureMutation, ImportLectureMutationVariables>;
export const EditLectureDocument = new TypedDocumentString(`
    mutation EditLecture($id: ID!, $edits: [LectureEditInput!]!, $ifVersion: Int, $clientKey: String) {
  editLecture(
    id: $id
    edits: $edits
    ifVersion: $ifVersion
    clientKey: $clientKey
  ) {
    __typename
    ...LectureEdited
    ...Problem
    ...LectureConflict
    ...InvalidEdit
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment Revision on LectureRevision {
  version
  edits
  clientKey
  createdAt
}
fragment LectureEdited on LectureEdited {
  version
  edits
  stale
  conflicts
  warnings
  shadow {
    ...WholePrice
  }
}
fragment LectureConflict on LectureConflict {
  expectedVersion
  actualVersion
  since {
    ...Revision
  }
}
fragment WholePrice on ShadowPrice {
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}`) as unknown as TypedDocumentString<EditLectureMutation, EditLectureMutationVariables>;
export const UndoLectureEditDocument = new TypedDocumentString(`
    mutation UndoLectureEdit($id: ID!, $ifVersion: Int, $clientKey: String) {
  undoLectureEdit(id: $id, ifVersion: $ifVersion, clientKey: $clientKey) {
    __typename
    ...LectureEdited
    ...Problem
    ...LectureConflict
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment Revision on LectureRevision {
  version
  edits
  clientKey
  createdAt
}
fragment LectureEdited on LectureEdited {
  version
  edits
  stale
  conflicts
  warnings
  shadow {
    ...WholePrice
  }
}
fragment LectureConflict on LectureConflict {
  expectedVersion
  actualVersion
  since {
    ...Revision
  }
}
fragment WholePrice on ShadowPrice {
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}`) as unknown as TypedDocumentString<UndoLectureEditMutation, UndoLectureEditMutationVariables>;
export const RedoLectureEditDocument = new TypedDocumentString(`
    mutation RedoLectureEdit($id: ID!, $ifVersion: Int, $clientKey: String) {
  redoLectureEdit(id: $id, ifVersion: $ifVersion, clientKey: $clientKey) {
    __typename
    ...LectureEdited
    ...Problem
    ...LectureConflict
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment Revision on LectureRevision {
  version
  edits
  clientKey
  createdAt
}
fragment LectureEdited on LectureEdited {
  version
  edits
  stale
  conflicts
  warnings
  shadow {
    ...WholePrice
  }
}
fragment LectureConflict on LectureConflict {
  expectedVersion
  actualVersion
  since {
    ...Revision
  }
}
fragment WholePrice on ShadowPrice {
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}`) as unknown as TypedDocumentString<RedoLectureEditMutation, RedoLectureEditMutationVariables>;
export const CopyLectureDocument = new TypedDocumentString(`
    mutation CopyLecture($id: ID!, $newId: ID!, $edits: [LectureEditInput!], $clientKey: String) {
  copyLecture(id: $id, newId: $newId, edits: $edits, clientKey: $clientKey) {
    __typename
    ...LectureCopied
    ...Problem
    ...InvalidEdit
  }
}
    fragment LectureHead on Lecture {
  id
  version
  title
  isShadow
}
fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment LectureCopied on LectureCopied {
  copiedFrom
  created
  stale
  warnings
  lecture {
    ...LectureHead
  }
}`) as unknown as TypedDocumentString<CopyLectureMutation, CopyLectureMutationVariables>;
export const RenameLectureDocument = new TypedDocumentString(`
    mutation RenameLecture($id: ID!, $newId: ID!, $clientKey: String) {
  renameLecture(id: $id, newId: $newId, clientKey: $clientKey) {
    __typename
    ...LectureRenamed
    ...Problem
    ...InvalidEdit
  }
}
    fragment LectureHead on Lecture {
  id
  version
  title
  isShadow
}
fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment LectureRenamed on LectureRenamed {
  was
  lecture {
    ...LectureHead
  }
}`) as unknown as TypedDocumentString<RenameLectureMutation, RenameLectureMutationVariables>;
export const DeleteLectureDocument = new TypedDocumentString(`
    mutation DeleteLecture($id: ID!, $clientKey: String) {
  deleteLecture(id: $id, clientKey: $clientKey) {
    __typename
    ...LectureDeleted
    ...Problem
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment LectureDeleted on LectureDeleted {
  id
}`) as unknown as TypedDocumentString<DeleteLectureMutation, DeleteLectureMutationVariables>;
export const UploadMediumDocument = new TypedDocumentString(`
    mutation UploadMedium($sort: MediumSort!, $base64: String!, $clientKey: String) {
  uploadMedium(sort: $sort, base64: $base64, clientKey: $clientKey) {
    __typename
    ...MediumUploaded
    ...Problem
    ...InvalidEdit
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment MediumUploaded on MediumUploaded {
  sha256
}`) as unknown as TypedDocumentString<UploadMediumMutation, UploadMediumMutationVariables>;
export const RegenerateLectureDocument = new TypedDocumentString(`
    mutation RegenerateLecture($id: ID!, $planToken: String, $scope: RegenerationScopeInput, $maxCostUsdMicros: UsdMicros, $clientKey: String) {
  regenerateLecture(
    id: $id
    planToken: $planToken
    scope: $scope
    maxCostUsdMicros: $maxCostUsdMicros
    clientKey: $clientKey
  ) {
    __typename
    ...RegenerationQueued
    ...Problem
    ...PlanChanged
    ...CeilingReached
    ...InvalidEdit
  }
}
    fragment LecturePlan on LecturePlan {
  lecture
  version
  token
  nodeCount
  idle
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
  affectedSegments
  warnings
}
fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment RegenerationQueued on RegenerationQueued {
  regeneration
}
fragment PlanChanged on PlanChanged {
  added
  removed
  changed
  known
  highBeforeUsdMicros
  newPlan {
    ...LecturePlan
  }
}
fragment CeilingReached on CeilingReached {
  ceiling
  allowedUsdMicros
  committedUsdMicros
  missingUsdMicros
}`) as unknown as TypedDocumentString<RegenerateLectureMutation, RegenerateLectureMutationVariables>;
export const CancelRegenerationDocument = new TypedDocumentString(`
    mutation CancelRegeneration($id: ID!, $clientKey: String) {
  cancelRegeneration(id: $id, clientKey: $clientKey) {
    __typename
    ...RegenerationCanceled
    ...Problem
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment RegenerationCanceled on RegenerationCanceled {
  was
  stopped
}`) as unknown as TypedDocumentString<CancelRegenerationMutation, CancelRegenerationMutationVariables>;
export const WatchLectureDocument = new TypedDocumentString(`
    subscription WatchLecture($id: ID!, $after: Int = 0) {
  lectureProgress(id: $id, after: $after) {
    __typename
    number
    at
    ...LectureRevisionEvent
    ...LectureRunStartedEvent
    ...LectureRunPlannedEvent
    ...LectureNodeStartedEvent
    ...LectureNodeDelayedEvent
    ...LectureNodeEvent
    ...LectureTimelineEvent
    ...LectureRunEndedEvent
    ...LectureWithdrawnEvent
    ...LectureResetEvent
  }
}
    fragment LectureRevisionEvent on LectureRevisionEvent {
  number
  at
  version
  edits
}
fragment LectureRunStartedEvent on LectureRunStartedEvent {
  number
  at
  run
  version
}
fragment LectureRunPlannedEvent on LectureRunPlannedEvent {
  number
  at
  run
  version
  token
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}
fragment LectureNodeStartedEvent on LectureNodeStartedEvent {
  number
  at
  run
  version
  node
  model
}
fragment LectureNodeDelayedEvent on LectureNodeDelayedEvent {
  number
  at
  run
  version
  node
  seconds
  message
}
fragment LectureNodeEvent on LectureNodeEvent {
  number
  at
  run
  version
  node
  outcome
  take
  costUsdMicros
  failure
  spentUsdMicros
  left
}
fragment LectureTimelineEvent on LectureTimelineEvent {
  number
  at
  run
  version
  timeline
  base
  patch {
    op
    path
    value
  }
}
fragment LectureRunEndedEvent on LectureRunEndedEvent {
  number
  at
  run
  version
  ending
  queued
  report {
    made
    restored
    failed
    blocked
    stopped
    calls
    costUsdMicros
    savedUsdMicros
  }
}
fragment LectureWithdrawnEvent on LectureWithdrawnEvent {
  number
  at
}
fragment LectureResetEvent on LectureResetEvent {
  number
  at
}`) as unknown as TypedDocumentString<WatchLectureSubscription, WatchLectureSubscriptionVariables>;
export const AskRolloutDocument = new TypedDocumentString(`
    query AskRollout($key: String!) {
  rollout(key: $key) {
    key
    system
    because
  }
}
    `) as unknown as TypedDocumentString<AskRolloutQuery, AskRolloutQueryVariables>;
export const ReadRolloutRuleDocument = new TypedDocumentString(`
    query ReadRolloutRule($first: Int = 50, $after: String) {
  rolloutRule {
    percent
    keys(first: $first, after: $after) {
      items {
        key
        system
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}`) as unknown as TypedDocumentString<ReadRolloutRuleQuery, ReadRolloutRuleQueryVariables>;
export const ReadImportDocument = new TypedDocumentString(`
    query ReadImport($id: ID!, $first: Int = 50, $after: String, $states: [LectureImportItemState!]) {
  lectureImport(id: $id) {
    ...WholeImport
    items(first: $first, after: $after, states: $states) {
      items {
        number
        state
        wantedId
        lectureId
        shadow
        created
        adopted
        missing
        faults {
          where
          found
          allowed
        }
        endedAt
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}
fragment WholeImport on LectureImport {
  id
  createdAt
  total
  waiting
  imported
  failed
  canceled
}`) as unknown as TypedDocumentString<ReadImportQuery, ReadImportQueryVariables>;
export const ListImportsDocument = new TypedDocumentString(`
    query ListImports($first: Int = 50, $after: String) {
  lectureImports(first: $first, after: $after) {
    items {
      ...WholeImport
    }
    pageInfo {
      ...PageEnd
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}
fragment WholeImport on LectureImport {
  id
  createdAt
  total
  waiting
  imported
  failed
  canceled
}`) as unknown as TypedDocumentString<ListImportsQuery, ListImportsQueryVariables>;
export const ReadShadowReportDocument = new TypedDocumentString(`
    query ReadShadowReport($since: Float, $until: Float, $first: Int = 50, $after: String) {
  shadowReport(since: $since, until: $until) {
    total {
      ...WholeSums
    }
    lectures(first: $first, after: $after) {
      items {
        lecture
        sum {
          ...WholeSums
        }
      }
      pageInfo {
        ...PageEnd
      }
    }
  }
}
    fragment PageEnd on LecturePageInfo {
  hasNextPage
  endCursor
}
fragment WholeSums on ShadowSum {
  edits
  nodes
  calls
  lowUsdMicros
  highUsdMicros
  comparedEdits
  comparedLowUsdMicros
  comparedHighUsdMicros
  legacyUsdMicros
}`) as unknown as TypedDocumentString<ReadShadowReportQuery, ReadShadowReportQueryVariables>;
export const SetRolloutDocument = new TypedDocumentString(`
    mutation SetRollout($percent: Int, $allow: [String!], $deny: [String!], $forget: [String!], $clientKey: String) {
  setRollout(
    percent: $percent
    allow: $allow
    deny: $deny
    forget: $forget
    clientKey: $clientKey
  ) {
    __typename
    ...RolloutSet
    ...Problem
    ...InvalidEdit
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment RolloutSet on RolloutSet {
  rule {
    percent
  }
}`) as unknown as TypedDocumentString<SetRolloutMutation, SetRolloutMutationVariables>;
export const ImportLecturesDocument = new TypedDocumentString(`
    mutation ImportLectures($lectures: [LectureImportItemInput!]!, $clientKey: String) {
  importLectures(lectures: $lectures, clientKey: $clientKey) {
    __typename
    ...LectureImportQueued
    ...Problem
    ...InvalidEdit
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment WholeImport on LectureImport {
  id
  createdAt
  total
  waiting
  imported
  failed
  canceled
}
fragment LectureImportQueued on LectureImportQueued {
  import {
    ...WholeImport
  }
}`) as unknown as TypedDocumentString<ImportLecturesMutation, ImportLecturesMutationVariables>;
export const CancelLectureImportDocument = new TypedDocumentString(`
    mutation CancelLectureImport($id: ID!, $clientKey: String) {
  cancelLectureImport(id: $id, clientKey: $clientKey) {
    __typename
    ...LectureImportCanceled
    ...Problem
    ...InvalidEdit
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment WholeImport on LectureImport {
  id
  createdAt
  total
  waiting
  imported
  failed
  canceled
}
fragment LectureImportCanceled on LectureImportCanceled {
  left
  import {
    ...WholeImport
  }
}`) as unknown as TypedDocumentString<CancelLectureImportMutation, CancelLectureImportMutationVariables>;
export const PromoteLectureDocument = new TypedDocumentString(`
    mutation PromoteLecture($id: ID!, $clientKey: String) {
  promoteLecture(id: $id, clientKey: $clientKey) {
    __typename
    ...LecturePromoted
    ...Problem
    ...InvalidEdit
  }
}
    fragment LectureHead on Lecture {
  id
  version
  title
  isShadow
}
fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment LecturePromoted on LecturePromoted {
  promoted
  lecture {
    ...LectureHead
  }
}`) as unknown as TypedDocumentString<PromoteLectureMutation, PromoteLectureMutationVariables>;
export const RecordLegacyCostDocument = new TypedDocumentString(`
    mutation RecordLegacyCost($id: ID!, $version: Int!, $costUsdMicros: UsdMicros!, $clientKey: String) {
  recordLegacyCost(
    id: $id
    version: $version
    costUsdMicros: $costUsdMicros
    clientKey: $clientKey
  ) {
    __typename
    ...LegacyCostRecorded
    ...Problem
    ...InvalidEdit
  }
}
    fragment Problem on Problem {
  code
  message
}
fragment InvalidEdit on InvalidEdit {
  faults {
    where
    found
    allowed
  }
}
fragment WholePrice on ShadowPrice {
  nodes
  calls {
    role
    count
  }
  lowUsdMicros
  highUsdMicros
  estimatedSeconds
}
fragment LegacyCostRecorded on LegacyCostRecorded {
  shadow {
    ...WholePrice
  }
}`) as unknown as TypedDocumentString<RecordLegacyCostMutation, RecordLegacyCostMutationVariables>;