// Promises of all sorts, for the order in which hooks see them.
const log = (globalThis.settledLog = []);
const first = new Promise((resolve) => resolve(1));
const second = first.then((value) => value + 1);
second.then((value) => { throw new Error(String(value)); }).catch(() => 'caught').finally(() => {});
async function inner(value) {
  await null;
  return value;
}
async function outer() {
  const a = await inner(1);
  try {
    await Promise.reject(new Error('no'));
  } catch {}
  const both = await Promise.all([inner(2), 3, Promise.resolve(4)]);
  for await (const part of (async function* () { yield 1; yield inner(2); })()) log.push(part);
  return [a, both, await Promise.race([inner(5), new Promise(() => {})])];
}
outer().then((value) => log.push(value));
Promise.allSettled([Promise.reject(1), { then(resolve) { resolve('thenable'); } }]).then((all) => log.push(all.length));
Promise.any([Promise.reject(2), inner(6)]).then((value) => log.push(value));
class Derived extends Promise {}
Derived.resolve(7).then((value) => log.push(value instanceof Object));
