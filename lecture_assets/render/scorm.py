"""A SCORM 1.2 package: the page of a lecture, which reports to an LMS, as a zip with its manifest.

The page says `completed` once 90 % has been watched, and comes back to where it was left (`page/scorm.js`).
"""

import html
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lecture_assets.prose.readable import readable

MANIFEST = "imsmanifest.xml"
_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date of a zip, so that equal packages have equal bytes."""
_STORED = (".mp4", ".jpg")
_TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="lecture-{identifier}" version="1.0"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd
    http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="organization">
    <organization identifier="organization">
      <title>{title}</title>
      <item identifier="item" identifierref="resource" isvisible="true">
        <title>{title}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="resource" type="webcontent" adlcp:scormtype="sco" href="{page}">
{files}
    </resource>
  </resources>
</manifest>
"""


def manifest_of(timeline: Mapping[str, Any], lecture: str, page: str, names: list[str]) -> str:
    """Return imsmanifest.xml. lecture: its id; page: the name of the page among the files of the package, `names`."""
    title = html.escape(readable(timeline["title"].get("text", "")) or lecture)
    files = "\n".join(f'      <file href="{html.escape(name)}"/>' for name in names)
    return _TEMPLATE.format(identifier=lecture, title=title, page=page, files=files)


def write_package(out: Path, manifest: str, files: Mapping[str, Path]) -> None:
    """Write the zip, complete or not at all. files: by their names in it; films and pictures are stored as they are."""
    part = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(zipfile.ZipInfo(MANIFEST, _DATE), manifest, zipfile.ZIP_DEFLATED)
            for name, path in files.items():
                entry = zipfile.ZipInfo(name, _DATE)
                entry.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
                entry.file_size = path.stat().st_size
                with path.open("rb") as source, package.open(entry, "w") as target:
                    while chunk := source.read(1 << 20):
                        target.write(chunk)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
