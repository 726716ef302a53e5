import { type JSX } from "preact";
import { type State } from "../state";
import { type AppProps } from "./app";
import { Composer } from "./composer";
import { CloseIcon, MuteIcon, SoundIcon } from "./icons";
import { SurveyCard } from "./survey";
import { Thread, toComposer } from "./thread";

export function Panel(props: AppProps): JSX.Element {
  const { state, config, texts, actions } = props;
  const survey = state.conversation?.survey;
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) actions.toggle(false);
  };
  return (
    <section class="panel" role="dialog" aria-labelledby="title" aria-describedby="who" onKeyDown={closeOnEscape}>
      <header>
        <div>
          <h2 id="title">{config.title || config.name}</h2>
          <p id="who">{whoAnswers(props)}</p>
        </div>
        <button
          class="icon"
          type="button"
          aria-label={props.sound ? texts.soundOn : texts.soundOff}
          title={props.sound ? texts.soundOn : texts.soundOff}
          onClick={() => actions.sound(!props.sound)}
        >
          {props.sound ? <SoundIcon /> : <MuteIcon />}
        </button>
        <button class="icon" type="button" aria-label={texts.close} title={texts.close} onClick={() => actions.toggle(false)}>
          <CloseIcon />
        </button>
      </header>
      <div class="banner" role="status">
        {trouble(props)}
      </div>
      <Thread {...props} />
      <WaitingLine {...props} />
      {props.thanks !== "" && ended(state) && <p class="notice" role="status">{props.thanks}</p>}
      {survey && ended(state) && !state.refusal && <SurveyCard key={survey.id} {...props} survey={survey} />}
      {state.refusal ? (
        <p class="notice" role="alert">
          {refusalText(props)}
        </p>
      ) : (
        <>
          {ended(state) && <p class="notice">{state.conversation?.state === "solved" ? texts.solved : texts.closed}</p>}
          <Composer carries={config.carries} texts={texts} draft={props.draft} focus={props.focus} actions={actions} />
        </>
      )}
    </section>
  );
}

/** The visitor's place in the line, whom they wait for, and the way out of that. */
function WaitingLine({ state, texts, lang, actions }: AppProps): JSX.Element | null {
  const waiting = state.conversation?.waiting;
  if (!waiting || ended(state) || state.conversation?.state === "closed") return null;
  const { position, estimate_seconds: seconds, agent_name: name, opens_at: opens } = waiting;
  return (
    <div class="waiting">
      <p role="status">
        <strong>{opens ? texts.opens(opening(opens, lang)) : texts.place(position)}</strong>
        {!opens && seconds !== null && <> {texts.estimate(Math.max(1, Math.ceil(seconds / 60)))}</>}
        {name !== "" && <span>{texts.waitsFor(name)}</span>}
      </p>
      {waiting.anyone && state.link === "live" && (
        <button
          type="button"
          onClick={(event) => {
            toComposer(event.currentTarget);
            actions.anyone();
          }}
        >
          {texts.anyone}
        </button>
      )}
    </div>
  );
}

/** When a closed queue opens, as people say it: with the day unless that is today. */
function opening(at: string, lang: string): string {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(lang, { ...(today ? {} : { weekday: "long" }), hour: "numeric", minute: "2-digit" }).format(then);
}

function ended({ conversation, outbox }: State): boolean {
  return outbox.length === 0 && (conversation?.state === "solved" || conversation?.state === "closed");
}

function whoAnswers({ state, config, texts }: AppProps): string {
  const name = state.conversation?.state === "closed" ? "" : state.conversation?.assignee_name;
  if (name) return texts.answers(name);
  if (state.conversation?.waiting) return state.conversation.waiting.opens_at ? texts.away : texts.inLine;
  return config.available ? texts.here : texts.away;
}

function trouble({ state, online, texts }: AppProps): string {
  if (!online) return texts.offline;
  return state.link === "lost" ? texts.lost : "";
}

function refusalText({ state, texts }: AppProps): string {
  if (state.refusal === "identity_missing") return texts.identityMissing;
  return state.refusal === "identity_refused" ? texts.identityRefused : texts.unavailable;
}
