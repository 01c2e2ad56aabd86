// The story of story.py by graphql-ws and fetch, typed by docs/clients/typescript: node story.js URL LECTURE STORY_AS_JSON.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import {
  CancelRegenerationDocument,
  CreateLectureDocument,
  DeleteLectureDocument,
  EditLectureDocument,
  type LectureBriefInput,
  type LectureEditInput,
  PlanLectureDocument,
  ReadTimelineDocument,
  RegenerateLectureDocument,
  type TypedDocumentString,
  UndoLectureEditDocument,
  WatchLectureDocument,
  type WatchLectureSubscription,
} from "./lectures.js";

type Story = { readonly brief: LectureBriefInput; readonly edits: Readonly<Record<string, LectureEditInput>> };
type Part = { made: string[]; calls: number; missing: number; ending: string };

const [url, id, asked] = process.argv.slice(2) as [string, string, string];
const story: Story = JSON.parse(asked);
const numbers: number[] = [];

async function ask<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result> {
  const body = JSON.stringify({ query: document.toString(), variables });
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const { data, errors } = (await answer.json()) as { data?: Result; errors?: unknown };
  if (!data || errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** The answer of one type; any other is an error. */
function only<Answer extends { readonly __typename: string }, Name extends Answer["__typename"]>(
  answer: Answer,
  name: Name,
): Extract<Answer, { readonly __typename: Name }> {
  if (answer.__typename !== name) throw new Error(JSON.stringify(answer));
  return answer as Extract<Answer, { readonly __typename: Name }>;
}

function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error("there is no such lecture");
  return value;
}

/** The events after a number; it connects again after each disconnection, and resumes after the last one. */
async function* watch(after: number): AsyncGenerator<WatchLectureSubscription["lectureProgress"], void> {
  for (;;) {
    const client = createClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, retryAttempts: 0 });
    try {
      const query = WatchLectureDocument.toString();
      for await (const message of client.iterate<WatchLectureSubscription>({ query, variables: { id, after } })) {
        const event = message.data?.lectureProgress;
        if (!event) throw message.errors;
        after = event.number;
        yield event;
      }
    } catch (error) {
      if (Array.isArray(error)) throw error; // what GraphQL answers, rather than the connection
    } finally {
      await client.dispose();
    }
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

async function untilMade(version: number): Promise<Part> {
  const made = new Set<string>();
  let calls = 0;
  for await (const event of watch(numbers.at(-1) ?? 0)) {
    numbers.push(event.number);
    switch (event.__typename) {
      case "LectureNodeEvent":
        if (event.outcome === "MADE") made.add(event.node);
        break;
      case "LectureRunEndedEvent":
        calls += event.report?.calls ?? 0;
        if (event.version >= version && !event.queued)
          return { made: [...made].sort(), calls, missing: await missing(), ending: event.ending };
        break;
      default: // a type that is of no interest here, or of a later release
    }
  }
  throw new Error("it ended while it was watched");
}

async function missing(): Promise<number> {
  const { timeline } = there((await ask(ReadTimelineDocument, { id })).lecture);
  const parts = timeline.segments.flatMap((segment) => [segment.narration, ...segment.layers]);
  return [timeline.title, timeline.music, ...parts].filter((part) => part.type === "MISSING").length;
}

async function codeWhenGone(): Promise<string> {
  try {
    for await (const event of watch(0)) return event.__typename;
  } catch (error) {
    return (error as { extensions: { code: string } }[])[0]?.extensions.code ?? "";
  }
  return "";
}

only((await ask(CreateLectureDocument, { id, brief: story.brief, clientKey: id })).createLecture, "LectureCreated");
const { plan } = there((await ask(PlanLectureDocument, { id })).lecture);
const planToken = only(plan, "LecturePlan").token;
only((await ask(RegenerateLectureDocument, { id, planToken })).regenerateLecture, "RegenerationQueued");
const first = await untilMade(1);
const told: Record<string, unknown> = { first: { ...first, made: first.made.length } };
for (const [name, edit] of Object.entries(story.edits)) {
  const { version } = only((await ask(EditLectureDocument, { id, edits: [edit] })).editLecture, "LectureEdited");
  only((await ask(RegenerateLectureDocument, { id })).regenerateLecture, "RegenerationQueued");
  told[name] = await untilMade(version);
}
const { version } = only((await ask(UndoLectureEditDocument, { id })).undoLectureEdit, "LectureEdited");
const { made: _, ...undone } = await untilMade(version);
told["undone"] = undone;
told["canceled"] = only((await ask(CancelRegenerationDocument, { id })).cancelRegeneration, "RegenerationCanceled").was;
told["deleted"] = (await ask(DeleteLectureDocument, { id })).deleteLecture.__typename;
told["gone"] = await codeWhenGone();
console.log(JSON.stringify({ ...told, numbers }));
process.exit(0);
