import { start } from "@rapport/i18n";
import english from "../src/en.json";

start("en", english, "en-US");
