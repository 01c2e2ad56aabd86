from collections.abc import AsyncIterator
from typing import Any, Optional, Union

from .ask_rollout import AskRollout
from .async_base_client import AsyncBaseClient
from .base_model import UNSET, UnsetType
from .cancel_lecture_import import CancelLectureImport
from .cancel_regeneration import CancelRegeneration
from .copy_lecture import CopyLecture
from .create_lecture import CreateLecture
from .delete_lecture import DeleteLecture
from .edit_lecture import EditLecture
from .enums import LectureImportItemState, LectureNodeStatus, MediumSort
from .explain_node import ExplainNode
from .import_lecture import ImportLecture
from .import_lectures import ImportLectures
from .input_types import (
    ImportedLectureInput,
    LectureBriefInput,
    LectureEditInput,
    LectureImportItemInput,
    RegenerationScopeInput,
)
from .list_conflicts import ListConflicts
from .list_imports import ListImports
from .list_lectures import ListLectures
from .list_nodes import ListNodes
from .list_takes import ListTakes
from .list_versions import ListVersions
from .list_voices import ListVoices
from .plan_lecture import PlanLecture
from .promote_lecture import PromoteLecture
from .read_costs import ReadCosts
from .read_import import ReadImport
from .read_lecture import ReadLecture
from .read_rollout_rule import ReadRolloutRule
from .read_shadow_report import ReadShadowReport
from .read_timeline import ReadTimeline
from .read_workspace_costs import ReadWorkspaceCosts
from .record_legacy_cost import RecordLegacyCost
from .redo_lecture_edit import RedoLectureEdit
from .regenerate_lecture import RegenerateLecture
from .rename_lecture import RenameLecture
from .set_rollout import SetRollout
from .undo_lecture_edit import UndoLectureEdit
from .upload_medium import UploadMedium
from .watch_lecture import WatchLecture


def gql(q: str) -> str:
    return q


class LecturesClient(AsyncBaseClient):
    async def list_lectures(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ListLectures:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="ListLectures", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListLectures.model_validate(data)

    async def read_lecture(self, id: str, **kwargs: Any) -> ReadLecture:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ReadLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReadLecture.model_validate(data)

    async def list_nodes(
        self,
        id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        statuses: Union[Optional[list[LectureNodeStatus]], UnsetType] = UNSET,
        kinds: Union[Optional[list[str]], UnsetType] = UNSET,
        segment: Union[Optional[int], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ListNodes:
        query = gql("""
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

            fragment WholeError on LectureNodeError {
              kind
              message
              retryable
              providerCode
              tries
              requestId
              chain
            }

            fragment WholeReason on StaleReason {
              kind
              input
              text
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "first": first,
            "after": after,
            "statuses": statuses,
            "kinds": kinds,
            "segment": segment,
        }
        response = await self.execute(
            query=query, operation_name="ListNodes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListNodes.model_validate(data)

    async def list_takes(
        self,
        id: str,
        node: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ListTakes:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "node": node,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=query, operation_name="ListTakes", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListTakes.model_validate(data)

    async def explain_node(self, id: str, node: str, **kwargs: Any) -> ExplainNode:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"id": id, "node": node}
        response = await self.execute(
            query=query, operation_name="ExplainNode", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ExplainNode.model_validate(data)

    async def list_versions(
        self,
        id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ListVersions:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"id": id, "first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="ListVersions", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListVersions.model_validate(data)

    async def list_conflicts(
        self,
        id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ListConflicts:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"id": id, "first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="ListConflicts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListConflicts.model_validate(data)

    async def read_costs(self, id: str, **kwargs: Any) -> ReadCosts:
        query = gql("""
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

            fragment WholeCeiling on SpendingCeiling {
              ceiling
              allowedUsdMicros
              committedUsdMicros
              leftUsdMicros
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
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ReadCosts", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReadCosts.model_validate(data)

    async def read_workspace_costs(self, **kwargs: Any) -> ReadWorkspaceCosts:
        query = gql("""
            query ReadWorkspaceCosts {
              workspaceCosts {
                ...WholeCosts
              }
              workspaceCeilings {
                ...WholeCeiling
              }
            }

            fragment WholeCeiling on SpendingCeiling {
              ceiling
              allowedUsdMicros
              committedUsdMicros
              leftUsdMicros
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
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query,
            operation_name="ReadWorkspaceCosts",
            variables=variables,
            **kwargs
        )
        data = self.get_data(response)
        return ReadWorkspaceCosts.model_validate(data)

    async def list_voices(self, **kwargs: Any) -> ListVoices:
        query = gql("""
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
            """)
        variables: dict[str, object] = {}
        response = await self.execute(
            query=query, operation_name="ListVoices", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListVoices.model_validate(data)

    async def read_timeline(self, id: str, **kwargs: Any) -> ReadTimeline:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"id": id}
        response = await self.execute(
            query=query, operation_name="ReadTimeline", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReadTimeline.model_validate(data)

    async def plan_lecture(
        self,
        id: str,
        edits: Union[Optional[list[LectureEditInput]], UnsetType] = UNSET,
        scope: Union[Optional[RegenerationScopeInput], UnsetType] = UNSET,
        **kwargs: Any
    ) -> PlanLecture:
        query = gql("""
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

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
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

            fragment PageEnd on LecturePageInfo {
              hasNextPage
              endCursor
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

            fragment WholeReason on StaleReason {
              kind
              input
              text
            }
            """)
        variables: dict[str, object] = {"id": id, "edits": edits, "scope": scope}
        response = await self.execute(
            query=query, operation_name="PlanLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PlanLecture.model_validate(data)

    async def create_lecture(
        self,
        brief: LectureBriefInput,
        id: Union[Optional[str], UnsetType] = UNSET,
        rollout_key: Union[Optional[str], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> CreateLecture:
        query = gql("""
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
            }

            fragment Problem on Problem {
              code
              message
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
            """)
        variables: dict[str, object] = {
            "brief": brief,
            "id": id,
            "rolloutKey": rollout_key,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="CreateLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CreateLecture.model_validate(data)

    async def import_lecture(
        self,
        lecture: ImportedLectureInput,
        id: Union[Optional[str], UnsetType] = UNSET,
        shadow: Union[Optional[bool], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ImportLecture:
        query = gql("""
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
            }

            fragment Problem on Problem {
              code
              message
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
            """)
        variables: dict[str, object] = {
            "lecture": lecture,
            "id": id,
            "shadow": shadow,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="ImportLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ImportLecture.model_validate(data)

    async def edit_lecture(
        self,
        id: str,
        edits: list[LectureEditInput],
        if_version: Union[Optional[int], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> EditLecture:
        query = gql("""
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

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
              }
            }

            fragment LectureConflict on LectureConflict {
              expectedVersion
              actualVersion
              since {
                ...Revision
              }
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
            """)
        variables: dict[str, object] = {
            "id": id,
            "edits": edits,
            "ifVersion": if_version,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="EditLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return EditLecture.model_validate(data)

    async def undo_lecture_edit(
        self,
        id: str,
        if_version: Union[Optional[int], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> UndoLectureEdit:
        query = gql("""
            mutation UndoLectureEdit($id: ID!, $ifVersion: Int, $clientKey: String) {
              undoLectureEdit(id: $id, ifVersion: $ifVersion, clientKey: $clientKey) {
                __typename
                ...LectureEdited
                ...Problem
                ...LectureConflict
              }
            }

            fragment LectureConflict on LectureConflict {
              expectedVersion
              actualVersion
              since {
                ...Revision
              }
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
            """)
        variables: dict[str, object] = {
            "id": id,
            "ifVersion": if_version,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="UndoLectureEdit", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return UndoLectureEdit.model_validate(data)

    async def redo_lecture_edit(
        self,
        id: str,
        if_version: Union[Optional[int], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> RedoLectureEdit:
        query = gql("""
            mutation RedoLectureEdit($id: ID!, $ifVersion: Int, $clientKey: String) {
              redoLectureEdit(id: $id, ifVersion: $ifVersion, clientKey: $clientKey) {
                __typename
                ...LectureEdited
                ...Problem
                ...LectureConflict
              }
            }

            fragment LectureConflict on LectureConflict {
              expectedVersion
              actualVersion
              since {
                ...Revision
              }
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
            """)
        variables: dict[str, object] = {
            "id": id,
            "ifVersion": if_version,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="RedoLectureEdit", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RedoLectureEdit.model_validate(data)

    async def copy_lecture(
        self,
        id: str,
        new_id: str,
        edits: Union[Optional[list[LectureEditInput]], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> CopyLecture:
        query = gql("""
            mutation CopyLecture($id: ID!, $newId: ID!, $edits: [LectureEditInput!], $clientKey: String) {
              copyLecture(id: $id, newId: $newId, edits: $edits, clientKey: $clientKey) {
                __typename
                ...LectureCopied
                ...Problem
                ...InvalidEdit
              }
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
            """)
        variables: dict[str, object] = {
            "id": id,
            "newId": new_id,
            "edits": edits,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="CopyLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return CopyLecture.model_validate(data)

    async def rename_lecture(
        self,
        id: str,
        new_id: str,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> RenameLecture:
        query = gql("""
            mutation RenameLecture($id: ID!, $newId: ID!, $clientKey: String) {
              renameLecture(id: $id, newId: $newId, clientKey: $clientKey) {
                __typename
                ...LectureRenamed
                ...Problem
                ...InvalidEdit
              }
            }

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
              }
            }

            fragment LectureHead on Lecture {
              id
              version
              title
              isShadow
            }

            fragment LectureRenamed on LectureRenamed {
              was
              lecture {
                ...LectureHead
              }
            }

            fragment Problem on Problem {
              code
              message
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "newId": new_id,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="RenameLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return RenameLecture.model_validate(data)

    async def delete_lecture(
        self,
        id: str,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> DeleteLecture:
        query = gql("""
            mutation DeleteLecture($id: ID!, $clientKey: String) {
              deleteLecture(id: $id, clientKey: $clientKey) {
                __typename
                ...LectureDeleted
                ...Problem
              }
            }

            fragment LectureDeleted on LectureDeleted {
              id
            }

            fragment Problem on Problem {
              code
              message
            }
            """)
        variables: dict[str, object] = {"id": id, "clientKey": client_key}
        response = await self.execute(
            query=query, operation_name="DeleteLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return DeleteLecture.model_validate(data)

    async def upload_medium(
        self,
        sort: MediumSort,
        base_64: str,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> UploadMedium:
        query = gql("""
            mutation UploadMedium($sort: MediumSort!, $base64: String!, $clientKey: String) {
              uploadMedium(sort: $sort, base64: $base64, clientKey: $clientKey) {
                __typename
                ...MediumUploaded
                ...Problem
                ...InvalidEdit
              }
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
            }

            fragment Problem on Problem {
              code
              message
            }
            """)
        variables: dict[str, object] = {
            "sort": sort,
            "base64": base_64,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="UploadMedium", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return UploadMedium.model_validate(data)

    async def regenerate_lecture(
        self,
        id: str,
        plan_token: Union[Optional[str], UnsetType] = UNSET,
        scope: Union[Optional[RegenerationScopeInput], UnsetType] = UNSET,
        max_cost_usd_micros: Union[Optional[int], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> RegenerateLecture:
        query = gql("""
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

            fragment CeilingReached on CeilingReached {
              ceiling
              allowedUsdMicros
              committedUsdMicros
              missingUsdMicros
            }

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
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

            fragment Problem on Problem {
              code
              message
            }

            fragment RegenerationQueued on RegenerationQueued {
              regeneration
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "planToken": plan_token,
            "scope": scope,
            "maxCostUsdMicros": max_cost_usd_micros,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query,
            operation_name="RegenerateLecture",
            variables=variables,
            **kwargs
        )
        data = self.get_data(response)
        return RegenerateLecture.model_validate(data)

    async def cancel_regeneration(
        self,
        id: str,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> CancelRegeneration:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"id": id, "clientKey": client_key}
        response = await self.execute(
            query=query,
            operation_name="CancelRegeneration",
            variables=variables,
            **kwargs
        )
        data = self.get_data(response)
        return CancelRegeneration.model_validate(data)

    async def watch_lecture(
        self, id: str, after: Union[Optional[int], UnsetType] = UNSET, **kwargs: Any
    ) -> AsyncIterator[WatchLecture]:
        query = gql("""
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

            fragment LectureNodeStartedEvent on LectureNodeStartedEvent {
              number
              at
              run
              version
              node
              model
            }

            fragment LectureResetEvent on LectureResetEvent {
              number
              at
            }

            fragment LectureRevisionEvent on LectureRevisionEvent {
              number
              at
              version
              edits
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

            fragment LectureRunStartedEvent on LectureRunStartedEvent {
              number
              at
              run
              version
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

            fragment LectureWithdrawnEvent on LectureWithdrawnEvent {
              number
              at
            }
            """)
        variables: dict[str, object] = {"id": id, "after": after}
        async for data in self.execute_ws(
            query=query, operation_name="WatchLecture", variables=variables, **kwargs
        ):
            yield WatchLecture.model_validate(data)

    async def ask_rollout(self, key: str, **kwargs: Any) -> AskRollout:
        query = gql("""
            query AskRollout($key: String!) {
              rollout(key: $key) {
                key
                system
                because
              }
            }
            """)
        variables: dict[str, object] = {"key": key}
        response = await self.execute(
            query=query, operation_name="AskRollout", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return AskRollout.model_validate(data)

    async def read_rollout_rule(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ReadRolloutRule:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="ReadRolloutRule", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReadRolloutRule.model_validate(data)

    async def read_import(
        self,
        id: str,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        states: Union[Optional[list[LectureImportItemState]], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ReadImport:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {
            "id": id,
            "first": first,
            "after": after,
            "states": states,
        }
        response = await self.execute(
            query=query, operation_name="ReadImport", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ReadImport.model_validate(data)

    async def list_imports(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ListImports:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {"first": first, "after": after}
        response = await self.execute(
            query=query, operation_name="ListImports", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ListImports.model_validate(data)

    async def read_shadow_report(
        self,
        since: Union[Optional[float], UnsetType] = UNSET,
        until: Union[Optional[float], UnsetType] = UNSET,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ReadShadowReport:
        query = gql("""
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
            }
            """)
        variables: dict[str, object] = {
            "since": since,
            "until": until,
            "first": first,
            "after": after,
        }
        response = await self.execute(
            query=query,
            operation_name="ReadShadowReport",
            variables=variables,
            **kwargs
        )
        data = self.get_data(response)
        return ReadShadowReport.model_validate(data)

    async def set_rollout(
        self,
        percent: Union[Optional[int], UnsetType] = UNSET,
        allow: Union[Optional[list[str]], UnsetType] = UNSET,
        deny: Union[Optional[list[str]], UnsetType] = UNSET,
        forget: Union[Optional[list[str]], UnsetType] = UNSET,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> SetRollout:
        query = gql("""
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

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
              }
            }

            fragment Problem on Problem {
              code
              message
            }

            fragment RolloutSet on RolloutSet {
              rule {
                percent
              }
            }
            """)
        variables: dict[str, object] = {
            "percent": percent,
            "allow": allow,
            "deny": deny,
            "forget": forget,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query, operation_name="SetRollout", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return SetRollout.model_validate(data)

    async def import_lectures(
        self,
        lectures: list[LectureImportItemInput],
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> ImportLectures:
        query = gql("""
            mutation ImportLectures($lectures: [LectureImportItemInput!]!, $clientKey: String) {
              importLectures(lectures: $lectures, clientKey: $clientKey) {
                __typename
                ...LectureImportQueued
                ...Problem
                ...InvalidEdit
              }
            }

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
              }
            }

            fragment LectureImportQueued on LectureImportQueued {
              import {
                ...WholeImport
              }
            }

            fragment Problem on Problem {
              code
              message
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
            """)
        variables: dict[str, object] = {"lectures": lectures, "clientKey": client_key}
        response = await self.execute(
            query=query, operation_name="ImportLectures", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return ImportLectures.model_validate(data)

    async def cancel_lecture_import(
        self,
        id: str,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> CancelLectureImport:
        query = gql("""
            mutation CancelLectureImport($id: ID!, $clientKey: String) {
              cancelLectureImport(id: $id, clientKey: $clientKey) {
                __typename
                ...LectureImportCanceled
                ...Problem
                ...InvalidEdit
              }
            }

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
              }
            }

            fragment LectureImportCanceled on LectureImportCanceled {
              left
              import {
                ...WholeImport
              }
            }

            fragment Problem on Problem {
              code
              message
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
            """)
        variables: dict[str, object] = {"id": id, "clientKey": client_key}
        response = await self.execute(
            query=query,
            operation_name="CancelLectureImport",
            variables=variables,
            **kwargs
        )
        data = self.get_data(response)
        return CancelLectureImport.model_validate(data)

    async def promote_lecture(
        self,
        id: str,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> PromoteLecture:
        query = gql("""
            mutation PromoteLecture($id: ID!, $clientKey: String) {
              promoteLecture(id: $id, clientKey: $clientKey) {
                __typename
                ...LecturePromoted
                ...Problem
                ...InvalidEdit
              }
            }

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
              }
            }

            fragment LectureHead on Lecture {
              id
              version
              title
              isShadow
            }

            fragment LecturePromoted on LecturePromoted {
              promoted
              lecture {
                ...LectureHead
              }
            }

            fragment Problem on Problem {
              code
              message
            }
            """)
        variables: dict[str, object] = {"id": id, "clientKey": client_key}
        response = await self.execute(
            query=query, operation_name="PromoteLecture", variables=variables, **kwargs
        )
        data = self.get_data(response)
        return PromoteLecture.model_validate(data)

    async def record_legacy_cost(
        self,
        id: str,
        version: int,
        cost_usd_micros: int,
        client_key: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any
    ) -> RecordLegacyCost:
        query = gql("""
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

            fragment InvalidEdit on InvalidEdit {
              faults {
                where
                found
                allowed
              }
            }

            fragment LegacyCostRecorded on LegacyCostRecorded {
              shadow {
                ...WholePrice
              }
            }

            fragment Problem on Problem {
              code
              message
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
            """)
        variables: dict[str, object] = {
            "id": id,
            "version": version,
            "costUsdMicros": cost_usd_micros,
            "clientKey": client_key,
        }
        response = await self.execute(
            query=query,
            operation_name="RecordLegacyCost",
            variables=variables,
            **kwargs
        )
        data = self.get_data(response)
        return RecordLegacyCost.model_validate(data)
