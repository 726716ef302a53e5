import { Pause, Play } from "lucide-react";
import { useRef, useState } from "react";
import type { File } from "@rapport/core/api/types";
import { bytes, fileUrl } from "@rapport/core/files";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { FileCard } from "./media";

const SPEEDS = [1, 1.5, 2];

/** Whether this browser says that it plays a type of sound. */
export function plays(type: string): boolean {
  return document.createElement("audio").canPlayType(type) !== "";
}

/**
 * Plays sound: seek, speed. What the browser cannot play, such as AMR, is fetched
 * as the server converts it; where it cannot, the file is there to be saved (S3-40).
 */
export function AudioPlayer({ file }: { file: File }) {
  const [way, setWay] = useState<"own" | "converted" | "none">(() => (plays(file.type) ? "own" : "converted"));
  const [asked, setAsked] = useState(way === "own");
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [speed, setSpeed] = useState(1);
  const sound = useRef<HTMLAudioElement>(null);

  if (way === "none") {
    return <FileCard file={file} note={t("{{size}}. This browser cannot play it; download it to listen.", { size: bytes(file.size) })} />;
  }
  return (
    <div role="group" aria-label={file.name} className="flex w-80 max-w-full items-center gap-2 rounded-lg border border-line bg-surface px-2 py-1.5">
      <audio
        ref={sound}
        preload={way === "own" ? "metadata" : "none"}
        {...(asked ? { src: fileUrl(file.id, way === "own" ? undefined : "mp3") } : {})}
        onLoadedMetadata={(event) => {
          setLength(event.currentTarget.duration);
        }}
        onTimeUpdate={(event) => {
          setAt(event.currentTarget.currentTime);
        }}
        onPlay={() => {
          setPlaying(true);
        }}
        onPause={() => {
          setPlaying(false);
        }}
        onError={() => {
          setPlaying(false);
          setWay(way === "own" ? "converted" : "none");
        }}
      />
      <Button
        variant="ghost"
        size="icon"
        aria-label={playing ? t("Pause") : t("Play {{name}}", { name: file.name })}
        onClick={() => {
          if (playing) {
            sound.current?.pause();
            return;
          }
          setAsked(true);
          requestAnimationFrame(() => {
            if (sound.current) sound.current.playbackRate = speed;
            void sound.current?.play().catch(() => undefined); // onError tells
          });
        }}
      >
        {playing ? <Pause aria-hidden /> : <Play aria-hidden />}
      </Button>
      <input
        type="range"
        aria-label={t("Position")}
        aria-valuetext={clockOf(at)}
        min={0}
        max={Number.isFinite(length) ? Math.max(length, 0.1) : 0.1}
        step={0.1}
        value={at}
        onChange={(event) => {
          const to = Number(event.target.value);
          if (sound.current) sound.current.currentTime = to;
          setAt(to);
        }}
        className="min-w-0 flex-1 accent-accent"
      />
      <span className="text-2xs text-ink-muted tabular-nums">
        {clockOf(at)} / {clockOf(length)}
      </span>
      <Button
        variant="ghost"
        size="sm"
        aria-label={t("Speed {{speed}}", { speed })}
        onClick={() => {
          const next = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
          setSpeed(next);
          if (sound.current) sound.current.playbackRate = next;
        }}
      >
        {speed}×
      </Button>
    </div>
  );
}

function clockOf(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.floor(seconds) : 0;
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
