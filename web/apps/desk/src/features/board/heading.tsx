export function Heading({ children }: { children: string }) {
  return <h2 className="mb-2 text-md font-semibold">{children}</h2>;
}
