import { Bold, Italic, MapPin, Paperclip, Plus, Smile } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { accepted } from "@rapport/core/limits";
import { t } from "@rapport/i18n";
import type { ComposerHandle } from "@rapport/thread/composer";
import { Button } from "@rapport/ui/button";
import { Spinner } from "@rapport/ui/marks";
import { Menu, MenuItem } from "@rapport/ui/menu";
import { Popover } from "@rapport/ui/popover";
import { Tip } from "@rapport/ui/tip";
import { setPlace } from "@/lib/carried";
import { later } from "@/lib/later";
import type { Carried } from "./use-carried";

const EmojiPanel = later(() => import("./emoji-panel").then((part) => part.EmojiPanel), <Spinner label={t("Loading emoji")} />);
const PlaceDialog = later(() => import("./place-dialog").then((part) => part.PlaceDialog));

/** Beside the choice of reply and note: files, emoji, a place, bold and italic, as the channel can. */
export function CarriedTools({ carried, composer }: { carried: Carried; composer: RefObject<ComposerHandle | null> }) {
  const { limits, purpose, most, mayPlace, marks, emoji, scope } = carried;
  const chooser = useRef<HTMLInputElement>(null);
  const [faces, setFaces] = useState(false);
  const [placing, setPlacing] = useState(false);
  const choose = () => chooser.current?.click();
  return (
    <span className="flex items-center">
      {most > 0 ? (
        <>
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            data-testid="attach"
            accept={accepted(limits, purpose)}
            onChange={(event) => {
              carried.add([...(event.target.files ?? [])]);
              event.target.value = "";
              composer.current?.focus();
            }}
          />
          <Tip text={t("Attach files")}>
            <Button variant="ghost" size="icon-sm" className="max-sm:hidden" aria-label={t("Attach files")} onClick={choose}>
              <Paperclip />
            </Button>
          </Tip>
        </>
      ) : null}
      {emoji ? (
        <Popover
          open={faces}
          onOpenChange={setFaces}
          label={t("Emoji")}
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={t("Emoji")}>
              <Smile />
            </Button>
          }
        >
          <EmojiPanel
            onPick={(face) => {
              setFaces(false);
              composer.current?.insert(face);
            }}
          />
        </Popover>
      ) : null}
      {most > 0 || mayPlace || marks ? (
        <Menu
          side="top"
          align="start"
          trigger={
            <Button variant="ghost" size="icon-sm" aria-label={t("More to add")}>
              <Plus />
            </Button>
          }
        >
          {most > 0 ? (
            <MenuItem onSelect={choose}>
              <Paperclip /> {t("Attach files")}
            </MenuItem>
          ) : null}
          {mayPlace ? (
            <MenuItem
              onSelect={() => {
                setPlacing(true);
              }}
            >
              <MapPin /> {t("Location")}
            </MenuItem>
          ) : null}
          {marks ? (
            <>
              <MenuItem
                onSelect={() => {
                  composer.current?.wrap("*");
                }}
              >
                <Bold /> {t("Bold")}
              </MenuItem>
              <MenuItem
                onSelect={() => {
                  composer.current?.wrap("_");
                }}
              >
                <Italic /> {t("Italic")}
              </MenuItem>
            </>
          ) : null}
        </Menu>
      ) : null}
      {placing ? (
        <PlaceDialog
          onClose={() => {
            setPlacing(false);
          }}
          onPlace={(place) => {
            setPlacing(false);
            setPlace(scope, place);
            composer.current?.focus();
          }}
        />
      ) : null}
    </span>
  );
}
