import { useQuery } from "@tanstack/react-query";
import type { ChannelOption, OptionValue } from "@rapport/core/api/types";
import { t } from "@rapport/i18n";
import { Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";
import { useBackend } from "./backend";
import { queries } from "./queries";

type Options = Record<string, OptionValue>;

/** The form that the own description of a channel or a bot asks for. Secrets that the server makes are no part of it. */
export function OptionFields({
  options,
  value,
  onChange,
  errorOf,
}: {
  options: ChannelOption[];
  value: Options;
  onChange: (value: Options) => void;
  errorOf: (field: string) => string | undefined;
}) {
  return options
    .filter((option) => !isMade(option))
    .map((option) => (
      <OptionField
        key={option.name}
        option={option}
        value={value[option.name] ?? option.default ?? null}
        error={errorOf(`options.${option.name}`) ?? errorOf(option.name)}
        onChange={(next) => {
          onChange({ ...value, [option.name]: next });
        }}
      />
    ));
}

/** A secret that the server makes up, shows once and can replace. The others are typed, and never shown again. */
export function isMade(option: ChannelOption): boolean {
  return option.type === "secret" && Boolean(option.prefix);
}

/** What is sent: the options as typed or their defaults, without secrets that the server makes or that stay, and blank lines. */
export function written(options: ChannelOption[], value: Options): Options {
  const result: Options = {};
  for (const option of options) {
    const one = value[option.name] ?? option.default ?? null;
    if (isMade(option) || one === null) continue;
    result[option.name] = Array.isArray(one) ? one.map((line) => line.trim()).filter(Boolean) : one;
  }
  return result;
}

/** Stands for a secret that is there; sent back, it stays. */
const KEPT = "***";

interface OptionFieldProps {
  option: ChannelOption;
  value: OptionValue;
  error: string | undefined;
  onChange: (value: OptionValue) => void;
}

function OptionField({ option, value, error, onChange }: OptionFieldProps) {
  if (option.type === "bool") {
    return (
      <Toggle label={option.label} help={option.help}>
        <Switch checked={value === true} onCheckedChange={onChange} />
      </Toggle>
    );
  }
  return (
    <Field label={option.label} help={helpOf(option)} error={error}>
      {control(option, value, onChange)}
    </Field>
  );
}

function helpOf(option: ChannelOption): string {
  if (option.type === "list") return t("{{help}} One per line.", { help: option.help });
  return option.help;
}

function control(option: ChannelOption, value: OptionValue, onChange: (value: OptionValue) => void) {
  const text = Array.isArray(value) ? value.join("\n") : value === null ? "" : String(value);
  const common = { required: option.required ?? false, placeholder: option.example ?? "", value: text };
  if (option.choices && option.choices.length > 0) {
    return (
      <Select
        required={common.required}
        value={text}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        {option.choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </Select>
    );
  }
  switch (option.type) {
    case "text":
      return (
        <Textarea
          {...common}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      );
    case "list":
      return (
        <Textarea
          {...common}
          onChange={(event) => {
            onChange(event.target.value.split("\n"));
          }}
          onBlur={() => {
            if (Array.isArray(value)) onChange(value.map((line) => line.trim()).filter(Boolean));
          }}
        />
      );
    case "secret":
      return (
        <Input
          {...common}
          type="password"
          autoComplete="off"
          value={text === KEPT ? "" : text}
          required={common.required && text !== KEPT}
          placeholder={text === KEPT ? t("Kept. Type to replace it.") : common.placeholder}
          onChange={(event) => {
            onChange(event.target.value === "" && value === KEPT ? KEPT : event.target.value);
          }}
        />
      );
    case "workflow":
      return <WorkflowSelect required={common.required} value={text} onChange={onChange} />;
    case "int":
      return (
        <Input
          {...common}
          type="number"
          onChange={(event) => {
            onChange(event.target.value === "" ? null : event.target.valueAsNumber);
          }}
        />
      );
    case "color":
      return (
        <Input
          {...common}
          type="color"
          className="w-16 p-1"
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      );
    default:
      return (
        <Input
          {...common}
          type={option.type === "url" ? "url" : "text"}
          onChange={(event) => {
            onChange(event.target.value);
          }}
        />
      );
  }
}

/** The workflows that begin when a bot gets a conversation. */
function WorkflowSelect({ required, value, onChange }: { required: boolean; value: string; onChange: (value: OptionValue) => void }) {
  const { api } = useBackend();
  const items = useQuery(queries.workflows(api)).data?.items;
  const fitting = items?.filter((one) => one.trigger?.kind === "handed_to_flow" || one.id === value) ?? [];
  return (
    <Select
      required={required}
      value={value}
      onChange={(event) => {
        onChange(event.target.value);
      }}
    >
      <option value="">{items && fitting.length === 0 ? t("None starts when a bot gets a conversation") : t("Choose a workflow")}</option>
      {fitting.map((one) => (
        <option key={one.id} value={one.id}>
          {one.published ? one.name : t("{{name}} (not published)", { name: one.name })}
        </option>
      ))}
    </Select>
  );
}
