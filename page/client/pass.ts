/** The pass at the end of the address, which goes to no server by itself; it is taken out of the address bar. */
export const takePass = (): string | undefined => {
  const pass = /^#pass=([\w-]+)$/.exec(location.hash)?.[1];
  if (pass !== undefined) {
    history.replaceState(null, "", location.pathname);
  }
  return pass;
};
