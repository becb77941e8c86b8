// What a script that builds a startup snapshot sees as `v8.startupSnapshot`. Mirrors Node's
// `lib/internal/v8/startup_snapshot.js`. Its value is for the shim: `serialize` is called before the
// heap is written, `deserialize` when an engine starts from it.
(() => {
  'use strict';
  const serializers = [];
  const deserializers = [];
  let main;
  let building = true;

  // Scripts may change what they find in the global object; this was here before them.
  const { apply } = Reflect;
  const { defineProperty } = Object;
  const { Error, TypeError } = globalThis;

  const coded = (Class, code, message) => {
    const error = new Class(message);
    defineProperty(error, 'code', { value: code, enumerable: true, writable: true, configurable: true });
    return error;
  };
  const check = (callback) => {
    if (!building) {
      throw coded(Error, 'ERR_NOT_BUILDING_SNAPSHOT',
        'Operation cannot be invoked when not building startup snapshot');
    }
    if (typeof callback !== 'function') {
      throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'The "callback" argument must be of type function.');
    }
  };
  // A callback may add callbacks.
  const run = (list) => {
    for (let i = 0; i < list.length; i++) apply(list[i].callback, undefined, [list[i].data]);
    list.length = 0;
  };
  const add = (list, callback, data) => {
    defineProperty(list, list.length, { value: { callback, data }, configurable: true, writable: true });
  };

  globalThis.v8 = {
    startupSnapshot: {
      addDeserializeCallback(callback, data) {
        check(callback);
        add(deserializers, callback, data);
      },
      addSerializeCallback(callback, data) {
        check(callback);
        add(serializers, callback, data);
      },
      setDeserializeMainFunction(callback, data) {
        check(callback);
        if (main !== undefined) {
          throw coded(Error, 'ERR_DUPLICATE_STARTUP_SNAPSHOT_MAIN_FUNCTION',
            'Deserialize main function is already configured.');
        }
        main = { callback, data };
      },
      isBuildingSnapshot() {
        return building;
      },
    },
  };

  return {
    serialize() {
      run(serializers);
    },
    deserialize() {
      building = false;
      run(deserializers);
      if (main !== undefined) apply(main.callback, undefined, [main.data]);
    },
  };
})();
