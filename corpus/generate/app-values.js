'use strict';
// Values of the kinds that programs keep in such blobs.

module.exports = function ({ add, bytes }) {
  const both = { forms: ['default', 'raw'] };

  add('app-package-lock', 'a lock file as an object', () => {
    const packages = { '': { name: 'shop', version: '1.4.0', license: 'MIT', dependencies: { express: '^4.19.2', lodash: '~4.17.21' } } };
    const names = ['accepts', 'body-parser', 'bytes', 'cookie', 'debug', 'express', 'finalhandler', 'lodash', 'ms', 'qs'];
    names.forEach((name, i) => {
      packages['node_modules/' + name] = {
        version: (i % 5) + '.' + (i * 3 % 20) + '.' + i,
        integrity: 'sha512-' + name.split('').map((c) => c.charCodeAt(0).toString(36)).join('').repeat(2) + '==',
        dev: i % 4 === 0 ? true : undefined,
        dependencies: i % 3 === 0 ? { ms: '2.0.0', bytes: '^3.1.2' } : undefined,
        engines: { node: '>= 0.' + i }
      };
    });
    return { name: 'shop', version: '1.4.0', lockfileVersion: 3, requires: true, packages };
  });
  add('app-haste-map', 'a file map as a test runner keeps it: Maps of paths to tuples', () => {
    const files = new Map(), map = new Map();
    for (let i = 0; i < 25; i++) {
      const path = 'src/' + ['core', 'util', 'view'][i % 3] + '/module' + i + (i % 5 ? '.js' : '.test.ts');
      files.set(path, ['Module' + i, 1700000000000 + i * 1001, 512 + i * 7, 1, i % 2 ? './a\u0000./b' : '', i % 4 ? null : 'deadbeef' + i]);
      if (i % 5) map.set('Module' + i, { g: [path, 0] });
    }
    return { clocks: new Map([['', 'c:1700000000:1:1']]), duplicates: new Map(), files, map, mocks: new Map(), links: null };
  });
  add('app-records', 'rows out of a database', () => {
    const out = [];
    for (let i = 0; i < 30; i++) {
      out.push({
        id: 1000 + i, uuid: '00000000-0000-4000-8000-' + ('00000000000' + i).slice(-12), name: ['Ana', 'J\u00fcrgen', '\u674e\u96f7', 'O\u2019Neil'][i % 4],
        balance: i * 1234.56, active: i % 3 !== 0, created: new Date(1600000000000 + i * 86400000), tags: i % 2 ? ['new', 'vip'] : [], parent: i ? null : undefined
      });
    }
    return out;
  });
  add('app-config-cache', 'settings with patterns, sets and shared defaults', () => {
    const defaults = { retries: 3, timeout: 1.5, headers: { accept: '*/*' } };
    return {
      version: 2, loaded: new Date(1712345678901), env: new Map([['HOME', '/home/user'], ['LANG', 'de_DE.UTF-8'], ['EMPTY', '']]),
      ignore: [/node_modules/, /\.min\.js$/i, new RegExp('^\\.', 'u')], extensions: new Set(['.js', '.ts', '.json']),
      services: { api: Object.assign({ url: 'https://example.org' }, defaults), jobs: defaults, mail: defaults }, defaults
    };
  });
  add('app-session-store', 'sessions: Map of ids to users, tokens as bytes', () => {
    const sessions = new Map();
    for (let i = 0; i < 8; i++) {
      sessions.set('sess:' + (i * 7919).toString(16), {
        cookie: { originalMaxAge: 86400000, expires: new Date(1800000000000 + i), httpOnly: true, path: '/' },
        user: { id: i, name: 'user' + i, roles: new Set(i % 2 ? ['admin', 'user'] : ['user']) }, token: bytes(16, i * 3), cart: i % 3 ? [] : [{ sku: 'A-' + i, n: i, price: 9.99 }]
      });
    }
    return sessions;
  }, both);
  add('app-build-cache', 'what a bundler keeps of a module', () => {
    const source = 'export const answer = 42;\nexport default function main() { return answer; }\n';
    const module = { id: './src/index.js', source, hash: bytes(20, 100), map: { version: 3, sources: ['index.js'], names: [], mappings: 'AAAA;AACA' }, deps: [], usedExports: new Set(['default']), errors: [] };
    const dep = { id: './src/dep.js', source: '', hash: bytes(20, 50), map: null, deps: [], usedExports: true, errors: [], issuer: module };
    module.deps.push(dep);
    return { version: '5.1.0|prod', timestamp: 1700000000000.25, modules: new Map([[module.id, module], [dep.id, dep]]), graph: [module, dep] };
  }, both);
  add('app-ast', 'a syntax tree with parents', () => {
    function node(type, start, end, fields) { return Object.assign({ type, start, end }, fields); }
    const root = node('Program', 0, 18, { body: [node('VariableDeclaration', 0, 18, {
      kind: 'const', declarations: [node('VariableDeclarator', 6, 17, {
        id: node('Identifier', 6, 7, { name: 'x' }),
        init: node('BinaryExpression', 10, 17, { operator: '+', left: node('Literal', 10, 13, { value: 1.5, raw: '1.5' }), right: node('Literal', 16, 17, { value: 2, raw: '2' }) })
      })]
    })], sourceType: 'module' });
    (function link(n, parent) {
      if (!n || typeof n !== 'object') return;
      if (Array.isArray(n)) { n.forEach((c) => link(c, parent)); return; }
      Object.keys(n).forEach((k) => link(n[k], n));
      n.parent = parent;
    })(root, null);
    return root;
  });
  add('app-geojson', 'coordinates', () => ({
    type: 'FeatureCollection', bbox: [-10, -10, 10, 10],
    features: [0, 1, 2].map((i) => ({ type: 'Feature', id: i, geometry: { type: 'Polygon', coordinates: [[[i, 0.5], [i + 1, 0.5], [i + 1, 1.25], [i, 0.5]]] }, properties: { name: 'area ' + i, area: i / 3 } }))
  }));
  add('app-translations', 'texts in several languages', () => ({
    en: { hello: 'Hello', price: 'Price: {n}' }, de: { hello: 'Gr\u00fc\u00df Gott', price: 'Preis: {n} \u20ac' }, ja: { hello: '\u3053\u3093\u306b\u3061\u306f', price: '\u4fa1\u683c: {n}\u5186' },
    ar: { hello: '\u0645\u0631\u062d\u0628\u0627' }, emoji: { hello: '\ud83d\udc4b\ud83c\udffd', family: '\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67' }
  }));
  add('app-metrics', 'counters, histograms and typed samples', () => ({
    counters: new Map([['http.requests', 1234567890123], ['errors', 0], ['ratio', 0.999]]), samples: Float64Array.of(0.1, 0.2, 0.30000000000000004),
    histogram: { buckets: Uint32Array.of(0, 4, 16, 64), min: Infinity, max: -Infinity, mean: NaN }, since: new Date(0)
  }), both);
  add('app-linked-list', 'a doubly linked list with head and tail', () => {
    const list = { head: null, tail: null, size: 0 };
    for (let i = 0; i < 20; i++) {
      const n = { value: i, prev: list.tail, next: null };
      if (list.tail) list.tail.next = n; else list.head = n;
      list.tail = n; list.size++;
    }
    return list;
  });
};
