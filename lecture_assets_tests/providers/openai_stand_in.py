"""An OpenAI on loopback, for what the third-party stand-in lacks: stored completions, lost replies, a bill of its own.

Answers follow the requested schema. `stores`: completions can be looked up, unlike at servers that only share the API.
`replies` lists how the next texts go wrong ("refusal", "length", "filter", "no-json").
"""

import base64
import hashlib
import json
import re
from collections import Counter
from typing import Any

from lecture_assets_tests.providers.replicate_stand_in import picture, wav
from lecture_assets_tests.providers.stand_in import Answer, Asked, StandIn

KEY = "sk-standin"


class OpenAIStandIn(StandIn):
    """The vendor. bill: the requests that were accepted, by kind."""

    def __init__(self, *, stores: bool = True) -> None:
        super().__init__(KEY)
        self.stores = stores
        self.replies: list[str] = []
        self.completions: dict[str, dict[str, Any]] = {}
        self.bill: list[tuple[str, Any]] = []
        self.tokens: Counter[str] = Counter()

    def kind_of(self, method: str, path: str) -> str:
        kinds = {"/v1/chat/completions": "text", "/v1/audio/speech": "speech", "/v1/images/generations": "image"}
        return kinds.get(path, "unknown") if method == "POST" else "list" if path == "/v1/chat/completions" else "get"

    def error(self, status: int) -> Answer:
        code = {401: "invalid_api_key", 402: "insufficient_quota", 429: "rate_limit_exceeded"}.get(status)
        said = f"Said by the stand-in about {self.key}" if status == 401 else "Said by the stand-in"
        error = {"message": said, "type": "invalid_request_error", "param": None, "code": code}
        return Answer({"error": error}, status, headers={"x-request-id": f"req_{len(self.requests)}"})

    def answer(self, asked: Asked) -> Answer:
        if asked.kind in {"list", "get"}:
            return self._stored(asked)
        document = asked.json()
        self.bill.append((asked.kind, document))
        head = {"x-request-id": f"req_{len(self.requests)}", "x-ratelimit-limit-requests": "500"}
        if asked.kind == "text":
            return Answer(self._completion(document), headers=head)
        if asked.kind == "speech":
            return Answer(content=wav(max(0.4, len(document["input"]) / 15)), media_type="audio/wav", headers=head)
        width, height = (int(part) // 8 for part in document["size"].split("x"))
        shown = {"b64_json": base64.b64encode(picture(width, height)).decode()}
        return Answer({"created": 1, "data": [shown], "usage": {"input_tokens": 20, "output_tokens": 100}}, headers=head)

    def _completion(self, document: dict[str, Any]) -> dict[str, Any]:
        wrong = self.replies.pop(0) if self.replies else None
        asked = " ".join(message["content"] for message in document["messages"])
        content: str | None = json.dumps(filled(document["response_format"]["json_schema"]["schema"], asked))
        message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
        reason = {"length": "length", "filter": "content_filter"}.get(str(wrong), "stop")
        if wrong == "refusal":
            message |= {"content": None, "refusal": "I'm sorry, I can't help with that."}
        elif wrong in {"no-json", "length"}:
            message["content"] = str(content)[:9]
        name = f"chatcmpl-{len(self.bill):05}"
        completion = {
            "id": name,
            "object": "chat.completion",
            "created": 1,
            "model": document["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
            "usage": self._usage(len(asked) // 4, len(str(content)) // 4),
            "metadata": document.get("metadata") or {},
        }
        if document.get("store"):
            self.completions[name] = completion
        return completion

    def _usage(self, prompt: int, completion: int) -> dict[str, int]:
        self.tokens += Counter({"in": prompt, "out": completion})
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}

    def _stored(self, asked: Asked) -> Answer:
        if not self.stores:
            return Answer({"error": {"message": "Not found", "code": None, "type": "x", "param": None}}, 404)
        if asked.kind == "get":
            found = self.completions.get(asked.path.rpartition("/")[2])
            return Answer(found) if found else self.error(404)
        wanted = {key[9:-1]: values[0] for key, values in asked.query.items() if key.startswith("metadata[")}
        kept = [c for c in self.completions.values() if wanted.items() <= c["metadata"].items()]
        first = kept[0]["id"] if kept else None
        return Answer({"object": "list", "data": kept, "first_id": first, "last_id": first, "has_more": False})


def filled(schema: dict[str, Any], prompt: str, root: dict[str, Any] | None = None, place: str = "") -> Any:
    """A document of a schema; as many segments as the prompt asks for, and other words for another prompt or place."""
    root = root or schema
    if "$ref" in schema:
        return filled(root["$defs"][schema["$ref"].rpartition("/")[2]], prompt, root, place)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: filled(part, prompt, root, f"{place} {name}") for name, part in schema["properties"].items()}
        case "array":
            counted = re.search(r"exactly (\d+)", prompt)
            many = range(int(counted[1]) if counted else 1)
            return [filled(schema["items"], prompt, root, f"{place} {number}") for number in many]
        case _:
            mark = hashlib.sha256(f"{prompt}{place}".encode()).hexdigest()[:6]
            words = f"Words{place} number {mark}, said slowly so that nobody is left behind. "
            seconds = re.search(r"about (\d+) seconds", prompt)
            length = 12 * int(seconds[1]) if seconds and place.endswith("narration") else 150
            return (words * (length // len(words) + 1))[:length].strip()
