// Callbacks of a startup snapshot, for the order in which they run. The log is in the snapshot.
const { startupSnapshot } = globalThis.v8 ?? require('node:v8');
const log = (globalThis.log = []);
const attempt = (name, action) => {
  try {
    action();
  } catch (error) {
    log.push(`${name}: ${error.name} ${error.code}`);
  }
};
const data = { count: 0 };
log.push(`building: ${startupSnapshot.isBuildingSnapshot()}`);
startupSnapshot.addSerializeCallback((given) => {
  log.push(`serialize 1, ${given === data}, ${startupSnapshot.isBuildingSnapshot()}`);
  given.count++;
  startupSnapshot.addSerializeCallback(() => log.push('serialize added by 1'));
  Promise.resolve().then(() => log.push('microtask of serialize 1'));
}, data);
startupSnapshot.addDeserializeCallback((given) => {
  log.push(`deserialize 1, count ${given.count}, ${startupSnapshot.isBuildingSnapshot()}`);
  given.count++;
  attempt('add in deserialize', () => startupSnapshot.addDeserializeCallback(() => log.push('never')));
}, data);
startupSnapshot.addSerializeCallback((given) => log.push(`serialize 2, ${typeof given}`));
startupSnapshot.addDeserializeCallback((given) => log.push(`deserialize 2, ${typeof given}`));
startupSnapshot.setDeserializeMainFunction((given) => {
  log.push(`main, count ${given.count}`);
  // No more than a wish in an engine without a console.
  console.log(log.join('\n'));
}, data);
attempt('second main', () => startupSnapshot.setDeserializeMainFunction(() => {}));
attempt('no function', () => startupSnapshot.addSerializeCallback(1));
Promise.resolve().then(() => log.push('microtask of the script'));
log.push('script ends');
