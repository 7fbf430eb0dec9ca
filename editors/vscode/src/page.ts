// Turns what `layerwise explain` prints into Markdown.

/** Headlines become headlines, examples code blocks, and the ways to suppress a rule a list. */
export function markdown(text: string): string {
  const [title = "", ...lines] = text.trimEnd().split(/\r?\n/);
  const result = [`# ${title}`, ""];
  let section = "";
  let isCode = false;
  const close = () => {
    if (isCode) {
      result.push("```", "");
      isCode = false;
    }
  };
  for (const line of lines) {
    const headline = /^([A-Z][\w ]*):$/.exec(line)?.[1];
    const isExample = section === "Bad" || section === "Good";
    if (headline !== undefined) {
      close();
      section = headline;
      result.push(`## ${headline}`, "");
    } else if (line.startsWith("    ") && isExample) {
      if (!isCode) {
        result.push("```dockerfile");
        isCode = true;
      }
      result.push(line.slice(4));
    } else if (line.startsWith("        ")) {
      result.push(`${result.pop()} \`${line.trim()}\``);
    } else if (line.startsWith("    ") && line.endsWith(":")) {
      result.push(`- ${line.trim()}`);
    } else if (line.startsWith("    https://")) {
      result.push(`- <${line.trim()}>`);
    } else if (line !== "" || !isCode) {
      result.push(line.trim());
    }
  }
  close();
  return `${result.join("\n").replace(/\n{3,}/g, "\n\n").trimEnd()}\n`;
}

/** The code of a rule at a place in a line, as in `# layerwise ignore=DL3008`. */
export function codeAt(line: string, column: number): string | undefined {
  for (const match of line.matchAll(/[A-Za-z0-9]+/g)) {
    if (match.index <= column && column <= match.index + match[0].length) {
      return /^([A-Z]{2}\d{3,4}|([A-Z][a-z]+){2,})$/.test(match[0]) ? match[0] : undefined;
    }
  }
  return undefined;
}
