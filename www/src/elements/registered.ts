/**
 * Registers elements, each name only once: a name that is taken already is left alone.
 */

/** Registers each element by its name. */
export function registered(elements: Readonly<Record<string, CustomElementConstructor>>): void {
  for (const [name, element] of Object.entries(elements)) {
    if (customElements.get(name) === undefined) {
      customElements.define(name, element);
    }
  }
}
