import { type FormEvent, type ReactNode, useState } from "react";
import { CircleAlert } from "lucide-react";
import { isProblem, sentenceOf } from "@rapport/core/api/problem";

export interface Submission {
  busy: boolean;
  /** What was wrong as a whole; what belongs to one field is answered by `of`. */
  error: string | undefined;
  of: (field: string) => string | undefined;
  submit: (event?: FormEvent) => void;
}

/** Sends a form: busy meanwhile, and a refusal goes to the field that the server names. */
export function useSubmission(fields: string[], send: () => Promise<void>): Submission {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();

  const of = (field: string) => (isProblem(failure) ? failure.fieldError(field) : undefined);
  return {
    busy,
    error: failure !== undefined && !fields.some((field) => of(field)) ? sentenceOf(failure) : undefined,
    of,
    submit: (event) => {
      event?.preventDefault();
      if (busy) return;
      setBusy(true);
      setFailure(undefined);
      send()
        .catch((error: unknown) => {
          setFailure(error);
        })
        .finally(() => {
          setBusy(false);
        });
    },
  };
}

export function FormError({ children }: { children: ReactNode }) {
  if (!children) return null;
  return (
    <p role="alert" className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      <span>{children}</span>
    </p>
  );
}
