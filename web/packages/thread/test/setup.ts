import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";
import { start } from "@rapport/i18n";
import ofCore from "../../core/src/en.json";
import english from "../src/en.json";

start("en", { ...ofCore, ...english }, "en-US");

// Two tests at a time on two slow cores: the library's second is too short.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);

// jsdom has no layout.
HTMLElement.prototype.scrollIntoView = () => undefined;
