"use strict";
(() => {
  const film = document.getElementById("film");
  const player = document.getElementById("player");
  const follow = document.getElementById("follow");
  const chapters = [...document.querySelectorAll("#chapters button")];
  const sentences = [...document.querySelectorAll("#transcript a[data-start]")];
  const words = sentences.map((sentence) => [...sentence.querySelectorAll("span")]);
  const startOf = (element) => Number(element.dataset.start) / 1000;
  const clamp = (time) => Math.max(0, Math.min(time, film.duration || 0));

  const seek = (time) => { film.currentTime = time; show(); };

  // the last of some elements, in order, that has begun
  const current = (elements, time) => {
    let low = 0, high = elements.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (startOf(elements[middle]) <= time) low = middle + 1; else high = middle;
    }
    return low - 1;
  };

  let spoken = null, word = null, chapter = null;
  const mark = (before, after, change) => {
    if (before === after) return after;
    if (before) change(before, false);
    if (after) change(after, true);
    return after;
  };
  const currently = (element, on) => on ? element.setAttribute("aria-current", "true") : element.removeAttribute("aria-current");

  function show() {
    const time = film.currentTime + 0.001;
    chapter = mark(chapter, chapters[current(chapters, time)] || null, currently);
    const at = current(sentences, time);
    const begun = at >= 0 && time < Number(sentences[at].dataset.end) / 1000 ? sentences[at] : null;
    const moved = begun !== spoken;
    spoken = mark(spoken, begun, currently);
    word = mark(word, begun && words[at][current(words[at], time)] || null, (element, on) => element.classList.toggle("now", on));
    if (moved && begun && follow.checked && !film.paused) scrollTo(begun);
  }

  function scrollTo(element) {
    const box = element.getBoundingClientRect();
    if (box.top >= 0 && box.bottom <= innerHeight) return;
    const seen = player.getBoundingClientRect();
    if (seen.bottom > 0 && seen.top < innerHeight) return; // who looks at the film keeps it
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  }

  let drawing = 0;
  const draw = () => { show(); drawing = film.paused || film.ended ? 0 : requestAnimationFrame(draw); };
  film.addEventListener("play", () => { if (!drawing) draw(); });
  for (const name of ["seeked", "timeupdate", "loadedmetadata"]) film.addEventListener(name, show);

  for (const button of chapters) button.addEventListener("click", () => seek(startOf(button)));
  for (const sentence of sentences) {
    sentence.addEventListener("click", (event) => { event.preventDefault(); seek(startOf(sentence)); });
  }
  const linked = () => {
    const at = /^#t=([0-9.]+)$/.exec(location.hash);
    if (at) seek(Number(at[1]));
  };
  addEventListener("hashchange", linked);
  if (film.readyState) linked(); else film.addEventListener("loadedmetadata", linked, { once: true });

  const captions = () => [...film.textTracks].find((track) => track.kind === "captions");
  const next = (step) => {
    const at = current(chapters, film.currentTime + 0.001);
    // back: to the start of this chapter, or of the one before within its first two seconds
    const to = step > 0 ? at + 1 : film.currentTime - startOf(chapters[Math.max(0, at)]) > 2 ? at : at - 1;
    if (to < chapters.length) seek(startOf(chapters[Math.max(0, to)]));
  };
  const pace = (step) => { film.playbackRate = Math.max(0.5, Math.min(2, film.playbackRate + step)); };
  const playOrPause = () => {
    if (!film.paused) return film.pause();
    // a pause before the first frame ends the wait for it, which is no fault
    film.play().catch((error) => { if (error.name !== "AbortError") throw error; });
  };
  const KEYS = {
    " ": playOrPause,
    k: playOrPause,
    ArrowLeft: () => seek(clamp(film.currentTime - 5)),
    ArrowRight: () => seek(clamp(film.currentTime + 5)),
    j: () => seek(clamp(film.currentTime - 10)),
    l: () => seek(clamp(film.currentTime + 10)),
    p: () => next(-1),
    n: () => next(1),
    c: () => { const track = captions(); if (track) track.mode = track.mode === "showing" ? "disabled" : "showing"; },
    m: () => { film.muted = !film.muted; },
    f: () => document.fullscreenElement ? document.exitFullscreen() : player.requestFullscreen && film.requestFullscreen(),
    "<": () => pace(-0.25),
    ">": () => pace(0.25),
    Home: () => seek(0),
    End: () => seek(clamp(film.duration)),
  };
  // only while the player has the focus: elsewhere, single keys belong to the browser and to assistive software
  player.addEventListener("keydown", (event) => {
    const key = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!key || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    key();
  });
  show();
})();
