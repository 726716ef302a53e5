import { BellRing, Check, CircleDashed, ExternalLink, Volume2, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { cn } from "@rapport/ui/cn";
import { useBackend } from "@/lib/backend";
import { Card, Page } from "@/lib/page";
import { savePreferences } from "@/lib/preferences";
import { tell } from "@/lib/tell";
import { canNotify, ring, show } from "./alarm";

type Outcome = "open" | "good" | "bad";

/** Tries each link of the chain from the server to the person's eyes and ears. */
export function NotificationTestPage() {
  const backend = useBackend();
  const [permission, setPermission] = useState<NotificationPermission>(canNotify() ? Notification.permission : "denied");
  const [server, setServer] = useState<Outcome>("open");
  const [shown, setShown] = useState<Outcome>("open");
  const [asked, setAsked] = useState(false);
  const [clicked, setClicked] = useState<Outcome>("open");
  const [sound, setSound] = useState<Outcome>("open");
  const [rang, setRang] = useState(false);
  const [popup, setPopup] = useState<Outcome>("open");

  useEffect(() => {
    const hear = (alert: { id: string; kind: string; text: string }) => {
      if (alert.kind !== "test") return;
      setServer("good");
      setAsked(true);
      show(alert.text, alert.id, () => {
        setShown("good");
        setClicked("good");
      });
    };
    backend.alerts.add(hear);
    return () => {
      backend.alerts.delete(hear);
    };
  }, [backend]);

  async function allow(): Promise<void> {
    const answer = await Notification.requestPermission();
    setPermission(answer);
    const { done = [] } = backend.me().preferences;
    if (answer === "granted" && !done.includes("notifications")) await savePreferences(backend, { done: [...done, "notifications"] });
  }

  const allowed = permission === "granted";
  return (
    <Page
      title={t("Test notifications")}
      lead={t("Go through these steps once on each computer. The desk notifies you only while no page of it that shows conversations is in front.")}
    >
      <ol className="grid gap-3">
        <Step n={1} title={t("This browser can show notifications")} outcome={canNotify() ? "good" : "bad"}>
          {canNotify() ? t("It can.") : t("It cannot: notifications need HTTPS and a current browser. Phones show them only for apps on the home screen.")}
        </Step>
        <Step
          n={2}
          title={t("You allow them")}
          outcome={allowed ? "good" : permission === "denied" ? "bad" : "open"}
          action={
            permission === "default" ? (
              <Button variant="primary" onClick={() => void allow().catch(tell)}>
                {t("Allow notifications")}
              </Button>
            ) : null
          }
        >
          {allowed
            ? t("Allowed.")
            : permission === "denied"
              ? t("They are blocked. Click the sign to the left of the address, open the site settings, set Notifications to Allow, and load this page again.")
              : t("The browser asks you; choose Allow.")}
        </Step>
        <Step
          n={3}
          title={t("The server reaches this page")}
          outcome={server}
          action={
            <Button
              disabled={!allowed}
              onClick={() => {
                backend.api.preferences.testNotification(t("This is a test. Click it.")).catch((error: unknown) => {
                  setServer("bad");
                  tell(error);
                });
              }}
            >
              <BellRing aria-hidden />
              {t("Send a test")}
            </Button>
          }
        >
          {server === "good" ? t("It came.") : t("A notification goes to the server and comes back.")}
        </Step>
        <Step
          n={4}
          title={t("You saw it")}
          outcome={shown}
          action={asked && shown === "open" ? <YesNo onAnswer={setShown} /> : null}
        >
          {shown === "bad" ? t("The browser showed it, so the system held it back: see below.") : t("It appears at the edge of the screen.")}
        </Step>
        <Step n={5} title={t("A click leads here")} outcome={clicked}>
          {clicked === "good" ? t("It did.") : t("Click the test. A real one opens its conversation.")}
        </Step>
        <Step
          n={6}
          title={t("You hear the tone")}
          outcome={sound}
          action={
            <>
              <Button
                onClick={() => {
                  void ring().then((played) => {
                    setRang(true);
                    if (!played) setSound("bad");
                  });
                }}
              >
                <Volume2 aria-hidden />
                {t("Play the tone")}
              </Button>
              {rang && sound === "open" ? <YesNo onAnswer={setSound} /> : null}
            </>
          }
        >
          {sound === "bad" ? t("Look at the volume, and whether this tab or site is muted.") : t("Two short notes.")}
        </Step>
        <Step
          n={7}
          title={t("Pop-ups and redirects are allowed")}
          outcome={popup}
          action={
            <Button
              onClick={() => {
                // Later, so that it is not the click that opens it: that is what a blocker looks at.
                setTimeout(() => {
                  const opened = window.open("/favicon.svg", "_blank", "width=200,height=120");
                  setPopup(opened ? "good" : "bad");
                  opened?.close();
                }, 6000);
              }}
            >
              <ExternalLink aria-hidden />
              {t("Try in six seconds")}
            </Button>
          }
        >
          {popup === "bad"
            ? t("They are blocked. Allow pop-ups and redirects for this site in the site settings, so that a notification can bring the desk to the front from elsewhere.")
            : t("A small window opens and closes by itself.")}
        </Step>
      </ol>
      <Card title={t("The system may hold notifications back")} help={t("The browser cannot see this. When a test comes but nothing appears, look here.")}>
        <Systems />
      </Card>
    </Page>
  );
}

function YesNo({ onAnswer }: { onAnswer: (outcome: Outcome) => void }) {
  return (
    <>
      <Button
        onClick={() => {
          onAnswer("good");
        }}
      >
        {t("Yes")}
      </Button>
      <Button
        onClick={() => {
          onAnswer("bad");
        }}
      >
        {t("No")}
      </Button>
    </>
  );
}

const marks = {
  open: { Icon: CircleDashed, look: "text-ink-faint", word: t("Not tried yet") },
  good: { Icon: Check, look: "bg-positive-soft text-positive", word: t("Works") },
  bad: { Icon: X, look: "bg-danger-soft text-danger", word: t("Does not work") },
};

function Step({ n, title, outcome, action, children }: { n: number; title: string; outcome: Outcome; action?: ReactNode; children: ReactNode }) {
  const { Icon, look, word } = marks[outcome];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-surface px-4 py-3">
      <span className={cn("inline-flex size-7 shrink-0 items-center justify-center rounded-full", look)}>
        <Icon aria-hidden className="size-4" />
        <span className="sr-only">{word}</span>
      </span>
      <div className="min-w-48 flex-1">
        <h2 className="text-sm font-medium">
          {n}. {title}
        </h2>
        <p className="text-sm text-ink-muted">{children}</p>
      </div>
      <div className="flex flex-wrap gap-2">{action}</div>
    </li>
  );
}

/** S3-04: what systems do by themselves, the one of this machine opened. */
function Systems() {
  const { userAgent } = navigator;
  const systems = [
    {
      name: t("Windows: Focus assist, or Do not disturb"),
      here: userAgent.includes("Windows"),
      steps: [
        t("Open Settings, System, Notifications (Windows 10: Focus assist) and switch Do not disturb off."),
        t("Open “Turn on do not disturb automatically” (Windows 10: “Automatic rules”) and switch the rules off: they also act while you duplicate the display, play a game, or use an app in full screen."),
        t("In the list of apps below, allow your browser."),
      ],
    },
    {
      name: t("macOS: Focus"),
      here: userAgent.includes("Mac OS"),
      steps: [
        t("Open System Settings, Focus, and end the one that is on, or allow your browser in it."),
        t("Open System Settings, Notifications, choose your browser, allow notifications, and choose Banners or Alerts."),
        t("There, also allow notifications while the display is mirrored or shared, if you share your screen."),
      ],
    },
    {
      name: t("Linux: Do not disturb"),
      here: userAgent.includes("Linux") && !userAgent.includes("Android"),
      steps: [
        t("GNOME: click the clock and switch Do Not Disturb off. KDE: click the bell in the panel and do the same; it may come on by itself while a screen is mirrored or an app is in full screen."),
        t("Open Settings, Notifications, and allow your browser."),
      ],
    },
  ];
  return (
    <div className="grid gap-2">
      {systems.map(({ name, here, steps }) => (
        <details key={name} open={here} className="rounded-md border border-line px-3 py-2">
          <summary className="cursor-pointer text-sm font-medium">{name}</summary>
          <ol className="mt-2 grid list-decimal gap-1 ps-5 text-sm text-ink-muted">
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </details>
      ))}
    </div>
  );
}
