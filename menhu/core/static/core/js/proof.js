// Proof of work for a form without sign-in: solved in a worker while the person writes, put into a hidden field.
// Where that fails the plain question appears; without this script the server asks it.
(() => {
  "use strict";
  const SOONER = 60; // seconds before its end that a solution is made anew
  const PATIENCE = 30000; // milliseconds that a solution may take

  const words = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const solve = (script, challenge) => new Promise((done, failed) => {
    const worker = new Worker(script);
    const end = (settle, value) => { worker.terminate(); settle(value); };
    worker.onerror = (event) => end(failed, event);
    worker.onmessage = ({ data }) => (data && !data.error ? end(done, data) : end(failed, data));
    worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1, timeout: PATIENCE });
  });

  const guard = (box) => {
    const form = box.closest("form");
    const [payload, token, typed] = ["altcha", "question_token", "question_answer"].map((name) => box.querySelector(`[name=${name}]`));
    const status = box.querySelector("[data-proof-status]");
    const asked = box.querySelector("[data-proof-question]");
    let state = "idle", pressed = null, timer = 0;

    const show = (next) => {
      state = box.dataset.state = next;
      status.textContent = status.dataset[next] || "";
      asked.hidden = next !== "asked";
      typed.required = next === "asked";
    };

    const ask = (question) => {
      if (question) {
        token.value = question.token;
        asked.querySelector("[data-proof-text]").textContent = question.text;
      }
      show(token.value ? "asked" : "failed");
      if (pressed && state === "asked") typed.focus();
      pressed = null;
    };

    const work = async () => {
      if (state === "working") return;
      clearTimeout(timer);
      payload.value = "";
      show("working");
      let given = {};
      try {
        given = await words(box.dataset.proof);
        const challenge = { parameters: given.parameters, signature: given.signature };
        const solution = await solve(box.dataset.worker, challenge);
        payload.value = btoa(JSON.stringify({ challenge, solution }));
        show("ready");
        timer = setTimeout(work, Math.max(1, given.parameters.data.until - Date.now() / 1000 - SOONER) * 1000);
      } catch {
        ask(given.question);
        return;
      }
      if (pressed) form.requestSubmit(pressed.submitter);
      pressed = null;
    };

    // Whoever sends before the sum is done waits for it; the letter then goes off by itself.
    form.addEventListener("submit", (event) => {
      if (state === "ready" || state === "asked" || state === "failed") return;
      event.preventDefault();
      pressed = { submitter: event.submitter };
      if (state === "idle") work();
      status.textContent = status.dataset.waiting;
    });
    form.addEventListener("focusin", ({ target }) => { if (state === "idle" && target.type !== "submit") work(); });
    // Come back to by the browser's own button: what was proven then has been used.
    window.addEventListener("pageshow", (event) => { if (event.persisted && state === "ready") work(); });
    show("idle");
  };

  document.querySelectorAll("[data-proof]").forEach(guard);
})();
