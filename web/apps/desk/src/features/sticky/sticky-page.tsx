export function StickyPage() { return null; }
