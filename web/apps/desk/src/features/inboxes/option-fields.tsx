import type { ChannelOption, OptionValue } from "@rapport/core/api/types";
import { Field, Input, Select, Switch, Textarea, Toggle } from "@rapport/ui/field";

type Options = Record<string, OptionValue>;

/** The form that a channel's own description of its options asks for. Secrets are made by the server. */
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
    .filter((option) => !isSecret(option))
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

export function isSecret(option: ChannelOption): boolean {
  return option.type === "secret" || option.secret === true;
}

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
  if (option.type === "list") return `${option.help} One per line.`;
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
