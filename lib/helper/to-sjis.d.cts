/** Returns the Shift JIS value of a character of JIS X 0208, undefined for any other: what the option toSJISFunc takes. */
declare function toSJIS(character: string): number | undefined;

export = toSJIS;
