import { startLanguage } from "./lib/language";
import { startTheme } from "./lib/theme";
import "./main.css";

// Modules of the desk ask for texts as they are loaded, so the language comes first.
startTheme();
await startLanguage();
const element = document.getElementById("root");
if (element) {
  const { draw } = await import("./draw");
  await draw(element);
}
