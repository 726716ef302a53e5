import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { focusBack } from "@rapport/ui/focus";

// Where the focus goes when a dialog closes and the row that opened it is gone: what is typed next must not go to the page.

const row = (name: string) => `<tr><td>${name}</td><td><button>Actions for ${name}</button></td></tr>`;

const button = (name: string) => {
  const found = [...document.querySelectorAll("button")].find((one) => one.textContent === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const at = () => document.activeElement?.textContent;

/** Opens a dialog from a row's button, as its menu does, and closes it as Radix does. */
function dialog(from: string, meanwhile?: () => void): void {
  button(from).focus();
  const opened = document.createElement("div");
  opened.setAttribute("role", "alertdialog");
  opened.innerHTML = "<button>Yes, delete</button>";
  document.body.append(opened);
  button("Yes, delete").focus();
  meanwhile?.();
  opened.remove();
  focusBack(new Event("close"));
}

const gone = (name: string) => {
  button(`Actions for ${name}`).closest("tr")?.remove();
};
/** A MutationObserver speaks at the end of the task's microtasks. */
const told = () => new Promise((resolve) => setTimeout(resolve));

// What has the focus is followed until something else takes it.
afterEach(() => {
  document.body.innerHTML = "<button>Elsewhere</button>";
  button("Elsewhere").focus();
});

describe("a row that opened a dialog and is gone", () => {
  beforeEach(() => {
    document.body.innerHTML = `<nav><button>Away</button></nav><main><h1>Tags</h1><button>New tag</button><table><tbody>${["Ana", "Ben", "Cleo"].map(row).join("")}</tbody></table></main>`;
  });

  it("leaves the focus to the row that moved up", () => {
    dialog("Actions for Ben", () => {
      gone("Ben");
    });
    expect(at()).toBe("Actions for Cleo");
  });

  it("leaves it also when it goes after the dialog", async () => {
    dialog("Actions for Ben");
    expect(at()).toBe("Actions for Ben");
    gone("Ben");
    await told();
    expect(at()).toBe("Actions for Cleo");
  });

  it("leaves it to the row before, if it was the last", () => {
    dialog("Actions for Cleo", () => {
      gone("Cleo");
    });
    expect(at()).toBe("Actions for Ben");
  });

  it("leaves it to the page's heading, if nothing is left", () => {
    dialog("Actions for Ben", () => {
      const main = document.querySelector("main");
      if (main) main.innerHTML = "<h1>Tags</h1><p>There are no tags yet</p>";
    });
    expect(at()).toBe("Tags");
  });

  it("takes no focus that went elsewhere meanwhile", async () => {
    dialog("Actions for Ben");
    button("New tag").focus();
    gone("Ben");
    await told();
    expect(at()).toBe("New tag");
  });
});

describe("a button that goes with its own deed", () => {
  const page = '<main><h1>My work</h1><div role="toolbar"><button>Solve</button></div><section tabindex="0" data-focus-home>Thread</section></main><ol data-fleeting><li><button>Undo</button></li></ol>';

  it.each(["Solve", "Undo"])("%s leaves the focus to the thread", async (name) => {
    document.body.innerHTML = page;
    button(name).focus();
    button(name).remove();
    await told();
    expect(at()).toBe("Thread");
  });

  it("takes nothing from whoever has gone on", async () => {
    document.body.innerHTML = page;
    button("Solve").focus();
    button("Undo").focus();
    button("Solve").remove();
    await told();
    expect(at()).toBe("Undo");
  });
});
