"use strict";
// SCORM 1.2: the position and the watched parts survive; completed once 90 % has been watched. Without an LMS, nothing happens.
(() => {
  const PARTS = 200, ENOUGH = 0.9, EVERY_MS = 10000, DEEPEST = 16;
  const film = document.getElementById("film");

  const find = (start) => {
    try {
      for (let frame = start, depth = 0; frame && depth < DEEPEST; frame = frame.parent === frame ? null : frame.parent, depth++) {
        if (frame.API) return frame.API;
      }
    } catch (error) { /* a frame of another origin is no LMS of ours */ }
    return null;
  };
  const api = find(window) || (window.opener ? find(window.opener) : null);
  if (!api || String(api.LMSInitialize("")) !== "true") return;

  const began = Date.now();
  let earlier = "", isComplete = false, isFinished = false, saved = 0;
  const status = api.LMSGetValue("cmi.core.lesson_status");
  isComplete = status === "completed" || status === "passed";
  if (!isComplete) api.LMSSetValue("cmi.core.lesson_status", "incomplete");
  try {
    earlier = String(JSON.parse(api.LMSGetValue("cmi.suspend_data")).watched || "");
  } catch (error) { /* a first visit */ }

  const watched = () => {
    let parts = "", seen = 0;
    for (let part = 0; part < PARTS; part++) {
      const middle = (part + 0.5) / PARTS * film.duration;
      let now = earlier[part] === "1";
      for (let i = 0; !now && i < film.played.length; i++) now = film.played.start(i) <= middle && middle <= film.played.end(i);
      parts += now ? "1" : "0";
      seen += now;
    }
    return { parts, share: seen / PARTS };
  };

  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  const spent = () => {
    const seconds = (Date.now() - began) / 1000;
    return `${String(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(seconds / 60 % 60)}:${two(seconds % 60)}`;
  };

  function save() {
    if (isFinished || !film.duration) return;
    const { parts, share } = watched();
    saved = Date.now();
    if (!isComplete && share >= ENOUGH) {
      isComplete = true;
      api.LMSSetValue("cmi.core.lesson_status", "completed");
    }
    api.LMSSetValue("cmi.core.lesson_location", film.currentTime.toFixed(1));
    api.LMSSetValue("cmi.suspend_data", JSON.stringify({ watched: parts }));
    api.LMSCommit("");
  }

  const resume = () => {
    const at = Number(api.LMSGetValue("cmi.core.lesson_location"));
    if (at > 0 && at < film.duration - 2) film.currentTime = at;
  };
  if (film.readyState) resume(); else film.addEventListener("loadedmetadata", resume, { once: true });

  film.addEventListener("timeupdate", () => {
    if (Date.now() - saved > EVERY_MS || !isComplete && film.duration && watched().share >= ENOUGH) save();
  });
  for (const name of ["pause", "ended"]) film.addEventListener(name, save);
  addEventListener("pagehide", () => {
    if (isFinished) return;
    save();
    isFinished = true;
    api.LMSSetValue("cmi.core.session_time", spent());
    api.LMSSetValue("cmi.core.exit", isComplete ? "" : "suspend");
    api.LMSFinish("");
  });
})();
