import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { start } from "@rapport/i18n";
import { catalogue as english } from "../src/languages/en";

start("en", english, "en-US");

// Two tests at a time on two slow cores: the library's second is too short.
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no layout and cannot read a file as text. The list needs a height to know which rows to draw, and
// Radix asks for observers and pointer capture that jsdom lacks.
class NoObserver {
  observe(): void {
    return;
  }
  unobserve(): void {
    return;
  }
  disconnect(): void {
    return;
  }
}

globalThis.ResizeObserver = NoObserver;
Object.defineProperty(HTMLElement.prototype, "clientHeight", { value: 800 });
Object.defineProperty(HTMLElement.prototype, "clientWidth", { value: 400 });
Object.assign(HTMLElement.prototype, {
  scrollIntoView: () => undefined,
  scrollTo: () => undefined,
  hasPointerCapture: () => false,
  setPointerCapture: () => undefined,
  releasePointerCapture: () => undefined,
});
File.prototype.text = function text(this: File) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(String(reader.result));
    };
    reader.readAsText(this);
  });
};
window.scrollTo = () => undefined;

afterEach(() => {
  cleanup();
  localStorage.clear();
});
