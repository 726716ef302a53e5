import type { Position } from "@rapport/core/workflow/types";

// The way of an arrow from the bottom of one step to the top of another, around those in between.

export interface Box extends Position {
  width: number;
  height: number;
}

/** How far an arrow keeps from steps. */
const GAP = 24;

function hits(points: Position[], boxes: Box[]): boolean {
  return points.slice(1).some((b, n) => {
    const a = points[n] ?? b;
    const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
    return boxes.some((box) => right > box.x + 1 && left < box.x + box.width - 1 && bottom > box.y + 1 && top < box.y + box.height - 1);
  });
}

/** The corners of the arrow, its ends included. */
export function route(from: Position, to: Position, boxes: Box[]): Position[] {
  if (to.y > from.y) {
    if (Math.abs(from.x - to.x) < 1 && !hits([from, to], boxes)) return [from, to];
    for (const y of [(from.y + to.y) / 2, to.y - GAP, from.y + GAP]) {
      const way = [from, { x: from.x, y }, { x: to.x, y }, to];
      if (y > from.y && y < to.y && !hits(way, boxes)) return way;
    }
  }
  const [top, bottom] = [from.y + GAP, to.y - GAP];
  const beside = boxes.filter((box) => box.y < Math.max(top, bottom) && box.y + box.height > Math.min(top, bottom));
  const by = (x: number): Position[] => [from, { x: from.x, y: top }, { x, y: top }, { x, y: bottom }, { x: to.x, y: bottom }, to];
  const lanes = beside
    .flatMap((box) => [box.x - GAP, box.x + box.width + GAP])
    .sort((a, b) => Math.abs(a - from.x) + Math.abs(a - to.x) - Math.abs(b - from.x) - Math.abs(b - to.x));
  const free = lanes.find((x) => !hits(by(x), boxes));
  return by(free ?? lanes[0] ?? (from.x + to.x) / 2);
}

const CORNER = 10;

/** An SVG path along corners, rounded. */
export function pathAlong(points: Position[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first.x},${first.y}`;
  rest.forEach((corner, n) => {
    const before = points[n] ?? corner;
    const after = rest[n + 1];
    if (!after) {
      path += `L${corner.x},${corner.y}`;
      return;
    }
    const toward = (other: Position): Position => {
      const length = Math.hypot(other.x - corner.x, other.y - corner.y);
      const step = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
      return { x: corner.x + (other.x - corner.x) * step, y: corner.y + (other.y - corner.y) * step };
    };
    const into = toward(before);
    const out = toward(after);
    path += `L${into.x},${into.y}Q${corner.x},${corner.y} ${out.x},${out.y}`;
  });
  return path;
}

/** The middle of the longest stretch, where there is room for buttons. */
export function middleOf(points: Position[]): Position {
  let best = points[0] ?? { x: 0, y: 0 };
  let longest = -1;
  points.slice(1).forEach((b, n) => {
    const a = points[n] ?? b;
    const length = Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
    if (length <= longest) return;
    longest = length;
    best = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  });
  return best;
}
