import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import { start } from "@rapport/i18n";
import ofCore from "../../core/src/en.json";
import english from "../src/en.json";

start("en", { ...ofCore, ...english }, "en-US");

afterEach(cleanup);
