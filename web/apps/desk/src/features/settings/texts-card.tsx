import type { Texts } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Textarea } from "@rapport/ui/field";
import { Card } from "@/lib/page";

const texts: { name: keyof Texts; label: string; help: string }[] = [
  { name: "warning", label: t("Before a silent conversation closes"), help: t("Empty warns nobody.") },
  { name: "closed", label: t("When it is closed"), help: t("Empty closes without a word.") },
  {
    name: "unavailable",
    label: t("Assigned to an agent who is not here"),
    help: t("{agent} stands for the agent's name. Empty says nothing."),
  },
];

const SAMPLE = "Ana Pires";
const LONGEST = 1000;

/** What customers are told by themselves, each text beside how they read it. */
export function TextsCard({
  value,
  account,
  onChange,
  errorOf,
}: {
  value: Texts;
  /** The name that customers see. */
  account: string;
  onChange: (value: Texts) => void;
  errorOf: (field: string) => string | undefined;
}) {
  return (
    <Card title={t("Automatic texts")} help={t("Sent in the name of the account. They are no answers: no reply timer stops for them.")}>
      <ul className="grid gap-5">
        {texts.map(({ name, label, help }) => (
          <li key={name} className="grid items-start gap-x-6 gap-y-2 md:grid-cols-2">
            <Field label={label} help={help} error={errorOf(`texts.${name}`)}>
              <Textarea
                rows={3}
                maxLength={LONGEST}
                value={value[name]}
                onChange={(event) => {
                  onChange({ ...value, [name]: event.target.value });
                }}
              />
            </Field>
            <Preview account={account} text={value[name].replaceAll("{agent}", SAMPLE)} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Preview({ account, text }: { account: string; text: string }) {
  return (
    <figure className="rounded-md border border-line bg-canvas p-3 md:mt-5.5">
      <figcaption className="mb-1.5 text-2xs text-ink-faint">{t("The customer reads")}</figcaption>
      {text.trim() ? (
        <>
          <p className="mb-1 text-xs font-medium text-ink-muted">{account}</p>
          <p className="w-fit max-w-full rounded-lg rounded-ss-sm bg-theirs px-3 py-2 text-sm break-words whitespace-pre-wrap">{text.trim()}</p>
        </>
      ) : (
        <p className="text-sm text-ink-muted">{t("Nothing.")}</p>
      )}
    </figure>
  );
}
