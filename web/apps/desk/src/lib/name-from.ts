/** The name for programs that a label suggests: lower case letters, digits and underscores. */
export function nameFrom(label: string): string {
  return label
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 40);
}
