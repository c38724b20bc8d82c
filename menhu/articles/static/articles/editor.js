// The word processor over every [data-rich-text]; pictures come in through the dialog [data-picture-dialog] only.
"use strict";
(() => {
  const dialog = document.querySelector("[data-picture-dialog]");
  const form = document.querySelector("[data-unit]");
  if (!window.Jodit || !dialog || !form) return;
  const field = (name) => dialog.querySelector(`[data-picture-${name}]`);
  const say = (text) => { field("status").textContent = text; };
  let editor, place, waiting = [];

  const BUTTONS = ["paragraph", "bold", "italic", "underline", "|", "ul", "ol", "left", "center", "right", "|", "table", "link", "picture", "|", "undo", "redo", "eraser", "|", "fullsize"];
  const SETTINGS = {
    language: "zh_cn", minHeight: 480, enter: "p", buttons: BUTTONS, buttonsMD: BUTTONS, buttonsSM: BUTTONS, buttonsXS: BUTTONS,
    toolbarAdaptive: false, showXPathInStatusbar: false, showWordsCounter: false, hidePoweredByJodit: true,
    showPlaceholder: false, sourceEditor: "area", beautifyHTML: false, addNewLine: false,
    askBeforePasteHTML: false, defaultActionOnPaste: "insert_as_html",
    askBeforePasteFromWord: false, defaultActionOnPasteFromWord: "insert_as_html",
    uploader: { insertImageAsBase64URI: false, url: "" },
    disablePlugins: ["about", "ai-assistant", "class-span", "drag-and-drop", "file", "iframe", "media", "powered-by-jodit", "print", "speech-recognize", "video", "xpath"],
    image: { editSrc: false, editTitle: false, editLink: false, editBorderRadius: false, editMargins: false, editClass: false, editStyle: false, editId: false, editAlign: false, useImageEditor: false },
    controls: {
      paragraph: { list: { p: "正文", h2: "一级标题", h3: "二级标题", h4: "三级标题", blockquote: "引文" } },
      picture: { icon: "image", tooltip: "插入图片", exec: () => open(null) },
    },
  };

  function open(file) {
    place = editor.selection.save();
    waiting = file ? [file] : [];
    field("file").value = field("alt").value = "";
    field("name").textContent = file ? `已选：${file.name || "粘贴的图片"}` : "";
    say("");
    dialog.showModal();
    field("alt").focus();
  }

  async function keep(file) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.append("unit", form.dataset.unit);
    body.append("kind", "image");
    body.append("file", file, file.name || "picture.png");
    const answer = await fetch(editor.element.dataset.uploadUrl, { method: "POST", body, headers: { Accept: "application/json" } });
    const found = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : { error: "上传没有成功，请检查是否仍在登录状态。" };
    if (found.error) throw new Error(found.error);
    return found;
  }

  async function insert() {
    const file = field("file").files[0] || waiting[0];
    const alt = field("alt").value.trim();
    if (!file) return say("请选择图片。");
    if (!alt) return say("请写明图片上是什么，让看不见图的人也能明白。");
    say("正在上传……");
    try {
      const kept = await keep(file);
      editor.selection.restore(place);
      const image = editor.createInside.element("img", { src: kept.url, alt, width: kept.width, height: kept.height });
      editor.selection.insertNode(image);
      editor.setEditorValue();
      dialog.close();
    } catch (error) { say(error.message); }
  }

  // Pictures that come inside a paste are stored, too; they keep a red frame until somebody has said what they show.
  async function adopt() {
    for (const image of editor.editor.querySelectorAll('img[src^="data:image/"]')) {
      const [head, code] = image.src.split(",", 2);
      const type = head.slice(5).split(";")[0];
      try {
        const bytes = Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0));
        const kept = await keep(new File([bytes], `picture.${type.split("/")[1]}`, { type }));
        image.setAttribute("src", kept.url);
      } catch (error) { image.replaceWith(`［图片没有存上：${error.message}］`); }
    }
    editor.setEditorValue();
  }

  function pictureOf(transfer) {
    const html = transfer && transfer.types.includes("text/html");
    return html || !transfer ? null : [...transfer.files].find((file) => file.type.startsWith("image/"));
  }

  for (const area of document.querySelectorAll("[data-rich-text]")) {
    editor = Jodit.make(area, SETTINGS);
    for (const [event, source] of [["paste", "clipboardData"], ["drop", "dataTransfer"]]) {
      editor.container.addEventListener(event, (moment) => {
        const file = pictureOf(moment[source]);
        if (!file) return;
        moment.preventDefault();
        moment.stopImmediatePropagation();
        open(file);
      }, true);
    }
    editor.events.on("afterPaste", () => window.setTimeout(adopt, 50));
  }
  field("insert").addEventListener("click", insert);
  field("cancel").addEventListener("click", () => dialog.close());
})();
