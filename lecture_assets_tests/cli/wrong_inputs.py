"""Tables of wrong input, and how each error line about it begins."""

import json

from lecture_assets.briefs.reading import MAX_BYTES

P = "prompt: Bees\n"
IMAGE = "asset:image:segment[0]:image[0]"
NODE = "content:narration-text:segment[0]"

BRIEFS: dict[str, tuple[str | bytes, list[str]]] = {
    "an unknown key": (P + "imagestyle: x", ["2: imagestyle: found an unknown key; allowed: a known key; did you mean"]),
    "a key twice": (P + "voice: teacher\nvoice: student", ["3: voice: found a repeated key (first on line 2)"]),
    "no prompt": ("title: Bees", [" prompt: found neither prompt nor notes"]),
    "an empty prompt": ("prompt: ''", ["1: prompt: found an empty text"]),
    "a prompt of spaces": ("prompt: '  \t '", ["1: prompt: found an empty text"]),
    "a prompt that shows nothing": ('prompt: "\\u200b"', ["1: prompt: found a text with nothing to show"]),
    "a prompt with an escape": ('prompt: "Bees \\e[2J"', ["1: prompt: found a control character (U+001B, character 6"]),
    "a prompt with half a letter": ('prompt: "\\ud800"', ["1: prompt: found invalid Unicode"]),
    "a prompt that is a number": ("prompt: 12", ["1: prompt: found 12; allowed: what the lecture is about"]),
    "a prompt that is a list": ("prompt:\n  - [a, [b, [c]]]", ["2: prompt: found a list"]),
    "a prompt of a novel": ("prompt: " + "x" * 20_001, ["1: prompt: found 20,001 characters"]),
    "1,000 segments": (P + "num_segments: 1000", ["2: num_segments: found 1000; allowed: a whole number from 1 to 99"]),
    "1,000 segments by length": (P + "duration: 3000\nsegment_length: 3", ["3: segment_length: found 1000 segments"]),
    "no segment": (P + "num_segments: 0", ["2: num_segments: found 0"]),
    "a negative duration": (P + "duration: -30", ["2: duration: found -30; allowed: a whole number of seconds from 3"]),
    "a huge duration": (P + f"duration: {'9' * 4000}", ["2: duration: found 9999"]),
    "a duration with a fraction": (P + "duration: 30.5", ["2: duration: found 30.5"]),
    "a duration that is true": (P + "duration: true", ["2: duration: found true"]),
    "a duration that is not a number": (P + "duration: .nan", ["2: duration: found .nan"]),
    "a duration without end": (P + "duration: .inf", ["2: duration: found .inf"]),
    "a duration in words": (P + "duration: half a minute", ["2: duration: found 'half a minute'"]),
    "a duration as a clock": (P + "duration: 1:30", ["2: duration: found 1:30, which YAML reads as 90"]),
    "a date for a title": (P + "title: 2026-01-01", ["2: title: found 2026-01-01, which YAML reads as a date"]),
    "a number for true": (P + "use_video: 1", ["2: use_video: found 1; allowed: true or false"]),
    "five images": (P + "images_per_segment: 5", ["2: images_per_segment: found 5; allowed: a whole number from 1 to 4"]),
    "an unknown ratio": (P + "aspect_ratio: 16:10", ["2: aspect_ratio: found '16:10'; allowed: one of 16:9, 9:16"]),
    "an unknown strategy": (P + "assembly_strategy: slow", ["2: assembly_strategy: found 'slow'"]),
    "an unknown voice": (P + "voice: bob", ["2: voice: found 'bob'; allowed: one of narrator"]),
    "an unknown language": (P + "language: xx", ["2: language: found 'xx'"]),
    "no language tag": (P + "language: no", ["2: language: found no, which YAML reads as false"]),
    "a model without a provider": (
        P + "models: {text: gpt}",
        ["2: models.text: found 'gpt'; allowed: a model as provider:model"],
    ),
    "a model of a provider without adapter": (P + "models:\n  image: openai:dall-e", ["3: models.image: found 'openai:dall-e'"]),
    "a role that is none": (P + "models:\n  sound: a:b", ["3: models.sound: found an unknown key"]),
    "models in one word": (P + "models: fast", ["2: models: found 'fast'; allowed: a mapping with any of text"]),
    "nothing after a colon": (P + "voice:", ["2: voice: found nothing"]),
    "four faults": (
        "prompt: ''\nvoice: bob\nduration: soon\nfoo: 1",
        ["1: prompt: found", "2: voice: found", "3: duration: found", "4: foo: found an unknown key"],
    ),
    "an alias of itself": (P + "models: &m\n  text: *m", ["2: models.text: found a mapping"]),
    "a bomb of aliases": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        [" prompt: found neither", *(f"{line}: {key}: found an unknown key" for line, key in enumerate("abcdefghi", 1))],
    ),
    "brackets without end": ("[" * 200_000, [" YAML: found brackets nested too deeply"]),
    "an object to construct": (P + "title: !!python/object/apply:os.system [id]", ["2: title: found a list"]),
    "two documents": (P + "---\nprompt: x", ["2: YAML: found a second document"]),
    "a tab before a key": (P + "\ttitle: x", ["2: YAML: found a tab"]),
    "a list": ("- prompt", ["1: brief: found a list; allowed: a mapping"]),
    "nothing": ("", [" brief: found an empty file"]),
    "not UTF-8": (b"prompt: Bees\ntitle: caf\xe9", ["2: brief: found the byte 0xe9, which is not UTF-8"]),
    "null bytes": (b"prompt: Bees\0", [" brief: found a binary file"]),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", [" brief: found a binary file"]),
    "too large": (b"#" * (MAX_BYTES + 1), [" brief: found more than 1,000,000 bytes"]),
}
"""The content of brief.yaml, and what follows `error: brief.yaml:` on each line."""

JSON_BRIEFS: dict[str, tuple[str, list[str]]] = {
    "an unknown key": ('{\n "prompt": "Bees",\n "length": 3\n}', ["3: length: found an unknown key"]),
    "a key twice": ('{\n "prompt": "Bees",\n "prompt": "Ants"\n}', ["3: prompt: found a repeated key (first on line 2)"]),
    "a wrong type": ('{\n "prompt": "Bees",\n "duration": "30"\n}', ["3: duration: found '30'"]),
    "a comma at the end": ('{\n "prompt": "Bees",\n}', ["3: JSON: found "]),
    "not a number": ('{\n "prompt": "Bees",\n "duration": NaN\n}', ["3: duration: found 'NaN'"]),
    "a number of 5,000 digits": (
        '{"prompt": "Bees", "duration": ' + "9" * 5000 + "}",
        [" JSON: found a number that is too long, or brackets"],
    ),
    "brackets without end": ("[" * 200_000, [" JSON: found a number that is too long, or brackets"]),
    "a list": (json.dumps(["prompt"]), ["1: brief: found a list"]),
    "two faults": ('{\n "prompt": null,\n "use_video": 1\n}', ["2: prompt: found nothing", "3: use_video: found 1"]),
}
"""The same for brief.json."""

COMMANDS: dict[str, tuple[str, list[str]]] = {
    "a brief that is not there": ("make none.yaml", ["none.yaml: brief: found no such file"]),
    "a folder for a brief": ("make folder", ["folder: brief: found a folder"]),
    "a pipe for a brief": ("make pipe", ["pipe: brief: found a pipe or a device"]),
    "a device for a brief": ("make /dev/zero", ["/dev/zero: brief: found a pipe or a device"]),
    "no brief": ("make", ["BRIEF: found none;"]),
    "two briefs": ("make a.yaml --example photosynthesis", ["BRIEF: found more than one"]),
    "an unknown example": ("make --example photosyntesis", ["example: found 'photosyntesis'; allowed: one of photosynthesis"]),
    "an empty prompt": ("make --prompt ''", ["prompt: found an empty text"]),
    "a price in words": (
        "make --example photosynthesis --max-cost much",
        ["Invalid value for '--max-cost': 'much' is not an amount"],
    ),
    "a price that is none": (
        "make --example photosynthesis --max-cost nan",
        ["Invalid value for '--max-cost': 'nan' is not an amount"],
    ),
    "a negative price": (
        "make --example photosynthesis --max-cost=-1",
        ["Invalid value for '--max-cost': '-1' is not an amount"],
    ),
    "a price without end": ("make --example photosynthesis --max-cost 1e99", ["Invalid value for '--max-cost': '1e99' is not"]),
    "out in a file": ("make --example photosynthesis --out file", ["--out: found 'file', a file; allowed: a folder"]),
    "out below a file": ("make --example photosynthesis --out file/x", ["--out: found 'file/x', below "]),
    "out among other files": (
        "make --example photosynthesis --out folder",
        ["out: found folder, which contains files that are not"],
    ),
    "out in a broken export": (
        "make --example photosynthesis --out broken",
        ["broken/.lecture-export.json: found no valid list of an export's files"],
    ),
    "out in a name too long": (f"make --example photosynthesis --out {'x' * 5000}", ["--out: found 'xxx"]),
    "an id out of the folder": ("make --example photosynthesis --id ../x", ["id: found '../x'; allowed: 1 to 63"]),
    "an id of one dot": ("create --example photosynthesis --id .", ["id: found '.'"]),
    "an empty id": ("create --example photosynthesis --id ''", ["id: found ''"]),
    "an id with an escape": ("status 'a\x1b[2J'", ["id: found 'a\\x1b[2J'"]),
    "an id too long": (f"status {'a' * 300}", ["id: found 300 characters"]),
    "an id in capitals": ("status Bees", ["id: found 'Bees'; allowed: 1 to 63 of the characters a-z, 0-9 and -"]),
    "no id": ("status", ["Missing argument 'ID' (see lectures status --help)"]),
    "a lecture that is not there": ("regenerate nobody", ["lecture: found 'nobody'; allowed: an existing lecture"]),
    "a plan of nothing": ("plan nobody 'set voice=teacher'", ["lecture: found 'nobody'; allowed: an existing lecture"]),
    "an edit of nothing": ("edit nobody 'set voice=teacher'", ["lecture: found 'nobody'; allowed: an existing lecture"]),
    "an export of nothing": ("export nobody --format srt", ["lecture: found 'nobody'; allowed: an existing lecture"]),
    "a cost of nothing": ("costs nobody", ["lecture: found 'nobody'; allowed: an existing lecture"]),
    "an unknown command": ("stats", ["No such command 'stats'. (Did you mean one of: 'costs', 'status', 'takes'?)"]),
    "an unknown option": ("list --jsn", ["No such option '--jsn'. Did you mean '--json'? (see lectures list --help)"]),
    "an option with an escape": ("list '--\x1b[2J'", ["No such option '--\\x1b[2J'"]),
    "a word too many": ("list all", ["Got unexpected extra argument (all)"]),
    "an undo of nothing": ("undo nobody", ["lecture: found 'nobody'; allowed: an existing lecture"]),
    "a copy of nothing": ("copy nobody bees", ["lecture: found 'nobody'; allowed: an existing lecture"]),
    "a copy to no id": ("copy nobody B", ["id: found 'B'; allowed: 1 to 63"]),
    "an import of nothing": ("import none.json", ["none.json: import: found no such file; allowed: a JSON file in UTF-8"]),
    "an import of a picture": ("import picture.png", ["picture.png: import: found bytes that are not UTF-8"]),
    "a format that is none": ("export bees --format avi", ["Invalid value for '--format': 'avi' is not one of 'remotion'"]),
    "a version in words": ("edit bees 'set voice=teacher' --if-version new", ["Invalid value for '--if-version': 'new' is not"]),
    "a segment in words": ("regenerate bees --segment two", ["Invalid value for '--segment': 'two' is not a segment"]),
}
"""A command line in a folder without lectures, and what follows `error: ` on each line."""

VARIABLES: dict[str, tuple[dict[str, str], list[str]]] = {
    "a mode that is none": (
        {"LECTURES_PROVIDERS": "real"},
        ["LECTURES_PROVIDERS: found 'real'; allowed: one of auto, simulated, live"],
    ),
    "a key with a line break": (
        {"OPENAI_API_KEY": "sk-canary\r", "REPLICATE_API_TOKEN": "r8 canary"},
        [
            "OPENAI_API_KEY: found a space, a line break or another character that is not allowed in a header; allowed: the key",
            "REPLICATE_API_TOKEN: found a space, a line break",
        ],
    ),
    "an address that is none": (
        {"OPENAI_BASE_URL": "nonsense", "REPLICATE_BASE_URL": "http://[::1"},
        [
            "OPENAI_BASE_URL: found 'nonsense'; allowed: a URL like https://example.com/v1",
            "REPLICATE_BASE_URL: found 'http://[::1'",
        ],
    ),
    "a catalogue that is no file": (
        {"LECTURES_CATALOGUE": "/dev/zero"},
        ["LECTURES_CATALOGUE: found '/dev/zero', which is not a file; allowed: a TOML file of models"],
    ),
    "a workspace of words": (
        {"LECTURES_WORKSPACE": "A team"},
        ["LECTURES_WORKSPACE: found 'A team'; allowed: 1 to 63 of the characters a-z, 0-9 and -"],
    ),
    "live without keys": (
        {"LECTURES_PROVIDERS": "live"},
        ["LECTURES_PROVIDERS: found 'live' without a key for text, speech, image, video, music; allowed: a vendor for each role"],
    ),
    "a wait that is none": (
        {"LECTURES_AMBIGUOUS_WAIT": "long"},
        ["LECTURES_AMBIGUOUS_WAIT: found 'long'; allowed: seconds from 0"],
    ),
    "a recording that is not there": (
        {"LECTURES_REPLAY": "no/recording"},
        ["LECTURES_REPLAY: found 'no/recording'; allowed: a folder recorded with LECTURES_RECORD"],
    ),
    "two tapes at once": (
        {"LECTURES_REPLAY": "a", "LECTURES_RECORD": "b"},
        ["LECTURES_REPLAY: found 'a'; allowed: either LECTURES_RECORD or LECTURES_REPLAY, not both"],
    ),
    "a catalogue that is not there": (
        {"LECTURES_CATALOGUE": "no/such.toml"},
        ["LECTURES_CATALOGUE: found 'no/such.toml': No such file or directory; allowed: a TOML file of models"],
    ),
    "faults that are none": ({"LECTURES_SIM_FAULTS": "image:503*0"}, ["LECTURES_SIM_FAULTS: found 'image:503*0'; allowed: role"]),
    "two wrong faults": (
        {"LECTURES_SIM_FAULTS": "a:1,b:2"},
        ["LECTURES_SIM_FAULTS: found 'a:1'", "LECTURES_SIM_FAULTS: found 'b:2'"],
    ),
    "a latency below zero": ({"LECTURES_SIM_LATENCY": "-1"}, ["LECTURES_SIM_LATENCY: found '-1'; allowed: a number from 0"]),
    "a latency that is none": ({"LECTURES_SIM_LATENCY": "nan"}, ["LECTURES_SIM_LATENCY: found 'nan'"]),
    "ceilings that are no JSON": (
        {"LECTURES_CEILINGS": "8"},
        ["LECTURES_CEILINGS: found '8'; allowed: a JSON object of dollar amounts"],
    ),
    "limits that are no JSON": ({"LECTURES_LIMITS": "8"}, ["LECTURES_LIMITS: found '8'"]),
    "a limit of nothing": ({"LECTURES_LIMITS": '{"openai": 0}'}, ['LECTURES_LIMITS: found {"openai": 0}']),
    "a home that is a file": ({"LECTURES_HOME": "file"}, ["LECTURES_HOME: found 'file', a file; allowed: a folder"]),
    "a home below a device": ({"LECTURES_HOME": "/dev/null/x"}, ["LECTURES_HOME: found '/dev/null/x', below '/dev/null'"]),
    "artifacts in a bucket with a wrong name": (
        {"LECTURES_ARTIFACTS": "s3://My_Media/p"},
        ["LECTURES_ARTIFACTS: found a bucket called 'My_Media': it has 3 to 63 lower-case"],
    ),
    "artifacts in no bucket": (
        {"LECTURES_ARTIFACTS": "s3://"},
        ["LECTURES_ARTIFACTS: found no bucket's name; allowed: a folder, or s3"],
    ),
    "artifacts at a prefix with a space": (
        {"LECTURES_ARTIFACTS": "s3://media/a b"},
        ["LECTURES_ARTIFACTS: found the prefix 'a b'"],
    ),
    "artifacts at a prefix that climbs": ({"LECTURES_ARTIFACTS": "s3://media/a/../b"}, ["LECTURES_ARTIFACTS: found the prefix"]),
    "artifacts at another kind of place": (
        {"LECTURES_ARTIFACTS": "gs://media/p"},
        ["LECTURES_ARTIFACTS: found 'gs://media/p', which is neither a folder nor a bucket of S3"],
    ),
    "an endpoint that is no URL": (
        {"LECTURES_ARTIFACTS": "s3://media/p", "AWS_ENDPOINT_URL_S3": "minio:9000"},
        ["AWS_ENDPOINT_URL_S3: found text that is no URL; allowed: a URL like"],
    ),
    "a cache without a size": (
        {"LECTURES_MEDIA_CACHE_GB": "0"},
        ["LECTURES_MEDIA_CACHE_GB: found '0'; allowed: gigabytes, more"],
    ),
    "media at no URL": (
        {"LECTURES_MEDIA_URL": "lectures.example.com"},
        ["LECTURES_MEDIA_URL: found 'lectures.example.com'; allowed"],
    ),
    "a redirect that is neither on nor off": (
        {"LECTURES_MEDIA_REDIRECT": "yes"},
        ["LECTURES_MEDIA_REDIRECT: found 'yes'; allowed: 1"],
    ),
    "artifacts in a file": ({"LECTURES_ARTIFACTS": "file"}, ["LECTURES_ARTIFACTS: found 'file', a file"]),
    "not a database URL": (
        {"LECTURES_DATABASE_URL": "my database"},
        ["LECTURES_DATABASE_URL: found text that is not a database URL"],
    ),
    "an unknown database": (
        {"LECTURES_DATABASE_URL": "dbase://x/y"},
        ["LECTURES_DATABASE_URL: found a URL for dbase; allowed: a URL like sqlite:///"],
    ),
    "an in-memory database": ({"LECTURES_DATABASE_URL": "sqlite://"}, ["LECTURES_DATABASE_URL: found '', an in-memory database"]),
    "a database in a missing folder": (
        {"LECTURES_DATABASE_URL": "sqlite:///none/x.db"},
        ["LECTURES_DATABASE_URL: found 'none/x.db', in 'none', which is not a folder"],
    ),
    "a database of another kind": (
        {"LECTURES_DATABASE_URL": "mysql+oursql://u:secret@h/x"},
        ["LECTURES_DATABASE_URL: found a URL for mysql+oursql; allowed: a URL like sqlite:///"],
    ),
    "a journal in a folder": ({"LECTURES_SIM_JOURNAL": "folder"}, ["LECTURES_SIM_JOURNAL: found 'folder', which is not a file"]),
    "kept media below a file": ({"LECTURES_SIM_KEPT": "file/kept"}, ["LECTURES_SIM_KEPT: found 'file/kept', below"]),
    "prices that are no JSON": ({"LECTURES_SIM_PRICES": "{"}, ["LECTURES_SIM_PRICES: found '{'; allowed: a JSON object"]),
    "two variables": (
        {"LECTURES_PROVIDERS": "real", "LECTURES_SIM_LATENCY": "much"},
        ["LECTURES_PROVIDERS: found 'real'", "LECTURES_SIM_LATENCY: found 'much'"],
    ),
}
"""Environment variables, and what follows `error: ` on each line for every command."""

EDITS: dict[str, tuple[list[str], list[str]]] = {
    "no edit": (["polish it"], ["edit: found 'polish it'; allowed: one of set KEY=VALUE"]),
    "nothing": ([""], ["edit: found ''; allowed: one of"]),
    "an unknown key": (
        ["set imagestyle=ink"],
        ["set: found 'imagestyle'; allowed: a known key; did you mean image_style?"],
    ),
    "no value": (["set voice"], ["set: found 'voice'; allowed: set KEY=VALUE"]),
    "a wrong value": (["set duration=soon"], ["set duration: found 'soon'; allowed: a whole number of seconds"]),
    "an unknown voice": (["set voice=bob"], ["set voice: found 'bob'; allowed: one of narrator"]),
    "too many segments": (["set num_segments=1000"], ["set num_segments: found 1000"]),
    "segments too short": (["set duration=3000"], ["num_segments: found 300"]),
    "the order": (["set segment-order=1"], ["set: found segment-order; allowed: segments move:S:POSITION"]),
    "an unknown node": (["text content:nothing=x"], ["node: found 'content:nothing'"]),
    "a node that is no id": (["reroll ../../etc/passwd"], ["node: found '../../etc/passwd'"]),
    "a segment that is not there": ([f"text {NODE.replace('0', '9')}=x"], ["node: found 'content:narration-text:segment[9]'"]),
    "a node nobody may write": (["text content:script:segment[0]=x"], ["text: found content:script:segment[0]; allowed: a node"]),
    "a node without a model": ([f"reroll {NODE}"], [f"reroll: found {NODE}; allowed: a node made by a model"]),
    "a node that is not pinned": ([f"unpin {NODE}"], [f"unpin: found {NODE}; allowed: a pinned node"]),
    "a model that is none": (["model asset:music=loud"], ["model asset:music: found 'loud'; allowed: a model as provider:model"]),
    "an effect that is none": (["text content:effect:segment[0]=spin"], ["text content:effect:segment[0]: found 'spin'"]),
    "an empty text": ([f"text {NODE}="], [f"text {NODE}: found an empty text"]),
    "a text with an escape": ([f"text {NODE}=a\x1b[2Jb"], [f"text {NODE}: found control characters"]),
    "a text with half a letter": ([f"text {NODE}=a\udcffb"], [f"text {NODE}: found control characters or invalid Unicode"]),
    "a text of a book": ([f"text {NODE}=" + "x" * 20_001], [f"text {NODE}: found 20,001 characters; allowed: at most 20,000"]),
    "a text in no file": ([f"text {NODE}=@none.txt"], ["none.txt: text: found no such file"]),
    "a text in a folder": ([f"text {NODE}=@folder"], ["folder: text: found a folder"]),
    "a text in a pipe": ([f"text {NODE}=@pipe"], ["pipe: text: found a pipe or a device"]),
    "a text in a picture": ([f"text {NODE}=@picture.png"], ["picture.png: text: found bytes that are not UTF-8"]),
    "a text of 100 MB": ([f"text {NODE}=@large.txt"], ["large.txt: text: found more than 80,000 bytes"]),
    "a segment out of range": (["segments remove:9"], ["segments remove: found segment 9; allowed: a slot of this lecture: s00"]),
    "a slot beyond all": (["segments remove:100"], ["segments remove: found '100'; allowed: a slot: 0 to 98"]),
    "the last segment": (
        ["segments remove:0", "segments remove:1", "segments remove:2"],
        ["segments remove: found the only segment; allowed: a lecture has at least one segment"],
    ),
    "a place out of range": (["segments move:0:9"], ["segments move: found position 9; allowed: 0 to 2"]),
    "segments of no kind": (["segments swap:0:1"], ["segments: found 'swap:0:1'; allowed: segments add[:AFTER]"]),
    "a medium in no file": (
        ["media asset:music=@song.mp3"],
        ["media asset:music: found song.mp3, no such file; allowed: a sound"],
    ),
    "a medium in a pipe": (["media asset:music=@pipe"], ["media asset:music: found pipe, a pipe or a device"]),
    "a medium in a folder": (
        [f"media {IMAGE}=@folder"],
        [f"media {IMAGE}: found folder, a folder; allowed: a picture of at most"],
    ),
    "a medium of another sort": (
        ["media asset:music=@picture.png"],
        ["media asset:music: found picture.png, another kind of medium"],
    ),
    "a picture that ends early": (
        [f"media {IMAGE}=@picture.png"],
        [f"media {IMAGE}: found picture.png, a picture that cannot be"],
    ),
    "a picture of a billion pixels": (
        [f"media {IMAGE}=@bomb.png"],
        [f"media {IMAGE}: found bomb.png, a picture of too many pixels"],
    ),
    "a picture of 100 MB": (
        [f"media {IMAGE}=@large.txt"],
        [f"media {IMAGE}: found large.txt, 100,000,000 bytes; allowed: a picture"],
    ),
    "a picture and a fault": ([f"media {IMAGE}=@good.png", "segments remove:9"], ["segments remove: found segment 9"]),
    "a playlist that names files": (
        ["media asset:music=@list.m3u8"],
        ["media asset:music: found list.m3u8, bytes in no known media format"],
    ),
    "a medium in words": ([f"media {IMAGE}=a bee"], [f"media {IMAGE}: found 'a bee'; allowed: @FILE, or sha256"]),
    "a medium nobody keeps": ([f"media {IMAGE}=sha256:{'0' * 64}"], [f"media {IMAGE}: found sha256:00"]),
    "a medium for a text": (
        [f"media {NODE}=@good.png"],
        [f"media {NODE}: found content:narration-text; allowed: a node that holds"],
    ),
    "a take that is not there": (
        ["take asset:music=1"],
        ["take asset:music: found 1; allowed: the number of one of its takes: none"],
    ),
    "a take in words": (["take asset:music=best"], ["take asset:music: found 'best'; allowed: the number of a take, from 1"]),
    "a take of an assembly": (
        ["take assembler:timeline=1"],
        ["take: found assembler:timeline; allowed: a node that a model"],
    ),
    "a keep of what is not pinned": ([f"keep {NODE}"], [f"keep: found {NODE}; allowed: a pinned node"]),
    "a merge of what is not pinned": ([f"merge {NODE}"], [f"merge {NODE}: found a node whose new value from the model is not"]),
    "four faults and two good edits": (
        ["set voice=teacher", "set duration=x", "segments remove:9", "reroll asset:music", "text nothing=y", f"unpin {NODE}"],
        ["set duration: found 'x'", "segments remove: found segment 9", "node: found 'nothing'", f"unpin: found {NODE}"],
    ),
}
"""Edits of a lecture of three segments, and what follows `error: ` on each line."""
