import { type JSX } from "preact";
import { useState } from "preact/hooks";
import { type Survey } from "../protocol";
import { type AppProps } from "./app";

/** How it was: asked after a conversation, once. */
export function SurveyCard({ survey, texts, actions }: AppProps & { survey: Survey }): JSX.Element {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  const [state, setState] = useState<"open" | "busy" | "failed">("open");
  const scores = survey.scale === "thumbs" ? [5, 1] : [1, 2, 3, 4, 5];
  const send = (score: number, comment: string) => {
    setState("busy");
    void actions.rate(score, comment, survey.thanks || texts.thanks).then((kept) => setState(kept ? "open" : "failed"));
  };
  return (
    <div class="survey" role="group" aria-labelledby="survey">
      <p id="survey" dir="auto">
        {survey.question || texts.question}
      </p>
      <div class="scores">
        {scores.map((one) => (
          <button
            key={one}
            type="button"
            disabled={state === "busy"}
            aria-pressed={score === one}
            aria-label={survey.scale === "thumbs" ? (one > 1 ? texts.satisfied : texts.unsatisfied) : texts.stars(one)}
            onClick={() => (survey.comment ? setScore(one) : send(one, ""))}
          >
            {survey.scale === "thumbs" ? (one > 1 ? "\u{1F44D}" : "\u{1F44E}") : one <= score ? "\u2605" : "\u2606"}
          </button>
        ))}
      </div>
      {score > 0 && (
        <>
          <textarea
            maxLength={1000}
            aria-label={texts.comment}
            placeholder={texts.comment}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <button class="rate" type="button" disabled={state === "busy"} onClick={() => send(score, comment)}>
            {texts.send}
          </button>
        </>
      )}
      {state === "failed" && <p role="alert">{texts.notKept}</p>}
    </div>
  );
}
