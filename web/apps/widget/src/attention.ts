/** Ways to call the visitor back: a count in the page's title while it is hidden, and a soft tone if they want one. */

/** Puts the count in front of the title; a title that the page sets meanwhile is left alone. */
export class TitleCount {
  #original = "";
  #shown = "";

  show(count: number): void {
    if (this.#shown !== "" && document.title === this.#shown) document.title = this.#original;
    this.#shown = "";
    if (count === 0) return;
    this.#original = document.title;
    document.title = this.#shown = `(${count}) ${this.#original}`;
  }
}

/** A short tone made on the spot; silent where the browser does not allow it yet. */
export function chime(): void {
  try {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.08, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.4);
    tone.onended = () => void audio.close();
  } catch {
    return; // no audio device: the badge says it too
  }
}
