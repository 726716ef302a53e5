import { type JSX } from "preact";

function Icon({ path }: { path: string }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}

export const ChatIcon = () => <Icon path="M21 11.5a8.5 8.5 0 0 1-12.4 7.6L3 21l1.9-5.6A8.5 8.5 0 1 1 21 11.5z" />;
export const CloseIcon = () => <Icon path="M6 6l12 12M18 6L6 18" />;
export const DownIcon = () => <Icon path="M6 9l6 6 6-6" />;
export const ClipIcon = () => <Icon path="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L15 7" />;
export const PlaceIcon = () => <Icon path="M12 21s-7-6.2-7-11.5a7 7 0 0 1 14 0C19 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z" />;
export const SendIcon = () => <Icon path="M4 12l16-8-5 16-3-7-8-1z" />;
export const SoundIcon = () => <Icon path="M11 5L6 9H3v6h3l5 4zM15.5 8.5a5 5 0 0 1 0 7M18.5 5.5a9 9 0 0 1 0 13" />;
export const MuteIcon = () => <Icon path="M11 5L6 9H3v6h3l5 4zM16 9l5 6M21 9l-5 6" />;
