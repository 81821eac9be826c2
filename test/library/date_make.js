// Date: properties, construction, fields, setters.
for (const key of ['now', 'parse', 'UTC']) checkFunction(Date, key);
for (const key of Reflect.ownKeys(Date.prototype).filter(k => k !== 'constructor' && k !== 'toTemporalInstant').sort((a, b) => String(a) < String(b) ? -1 : 1)) checkFunction(Date.prototype, key);
check('Date', () => [Date.name, Date.length, Object.getOwnPropertyDescriptor(Date, 'prototype').writable, Object.prototype.toString.call(new Date(0)), Object.prototype.toString.call(Date.prototype)]);
check('prototype is no date', () => Date.prototype.getTime());
check('same functions', () => [Date.prototype.toGMTString === Date.prototype.toUTCString, Date.prototype.valueOf === Date.prototype.getTime]);
const methods = Reflect.ownKeys(Date.prototype).filter(k => k !== 'constructor' && k !== 'toJSON' && typeof k === 'string' && k !== 'toTemporalInstant').sort();
for (const key of methods) {
  check(key + ': receivers', () => [undefined, null, 1, {}, 'x', Date.prototype, Object.create(new Date(0))].map(r => { try { return Date.prototype[key].call(r, 1); } catch (e) { return e.name; } }));
  check(key + ': no constructor', () => new Date.prototype[key]());
  check(key + ': NaN', () => new Date(NaN)[key]());
}
check('call', () => [typeof Date(), typeof Date(0), Date.length]);
const list = [0, -0, 1, -1, 1.9, -1.9, 8.64e15, 8.64e15 + 1, -8.64e15, -8.64e15 - 1, NaN, Infinity, '5', 'x', null, undefined, true, [], [7], {}, 1e81, '2020-01-01', new Date(77), new Date(NaN)];
check('construct: one', () => list.map(v => new Date(v).getTime()));
check('construct: symbol', () => new Date(Symbol()));
check('construct: object', () => { const log = []; return [new Date(argument(log, 'value', '1970-01-01T00:00:00.005Z')).getTime(), new Date({ valueOf: () => 7 }).getTime(), new Date({ toString: () => '8', valueOf: () => ({}) }).getUTCFullYear(), log]; });
check('construct: date with changed methods', () => { const d = new Date(5); d.valueOf = d.toString = () => 9; d[Symbol.toPrimitive] = () => 10; return new Date(d).getTime(); });
check('construct: String object', () => new Date(new String('1970-01-01T00:00:00.009Z')).getTime());
check('construct: prototype after', () => { const log = []; const f = Object.defineProperty(function () {}.bind(), 'prototype', { get() { log.push('prototype'); return Date.prototype; } }); Reflect.construct(Date, [argument(log, 'year', 2020), argument(log, 'month', 1), argument(log, 'day', 1)], f); return log; });
check('construct: all converted', () => { const log = []; new Date(...['y', 'm', 'd', 'h', 'min', 's', 'ms', 'more'].map(n => argument(log, n, NaN))); return log; });
check('UTC: all converted', () => { const log = []; Date.UTC(...['y', 'm', 'd', 'h', 'min', 's', 'ms', 'more'].map(n => argument(log, n, NaN))); return log; });
check('UTC', () => [[], [2020], [2020, 1], [2020, 12], [2020, -1], [0], [99], [100], [-1], [99.9], [-0.9], [1970, 0, 0], [1970, 0, 1, 24], [1970, 0, 1, 0, 60, 60, 1000], [275760, 8, 13], [275760, 8, 13, 0, 0, 0, 1], [-271821, 3, 20], [-271821, 3, 19, 23, 59, 59, 999], [1970, 0, 1, 0, 0, 0, 0.9], [1970, 0, 1, 0, 0, 0, -0.9], [NaN], [1970, NaN], [1970, undefined], [1970, null], ['1970', '5'], [1e9], [1970, 1e9], [1970, 0, 1e9], [1970, 0, 1, 1e15], [1970, 1e300, -1e300], [1970, 0, 1, -1e300], [2 ** 53, -(12 * (2 ** 53 - 1970))], [1970, 0, 1, 80063993, 29, 12, -288230376151711740], [1970, 0, 213503982336, 0, 0, 0, -18446744073709552000], [Infinity, 0], [2000, 1, 29], [2100, 1, 29], [1900, 1, 29]].map(a => Date.UTC(...a)));
check('local', () => [[2020, 0], [2020, 5, 15, 12], [0, 0], [99, 11], [100, 0], [-1, 0], [2020, 12], [1970, NaN], [275760, 8, 12], [-271821, 3, 21], [2021, 2, 28, 2, 30], [2021, 9, 31, 2, 30], [2021, 2, 14, 2, 30], [2021, 10, 7, 1, 30], [1900, 0], [1883, 10, 18], [2040, 6], [1945, 5], [3000, 6, 1]].map(a => new Date(...a).getTime()));
const setters = ['Date', 'FullYear', 'Hours', 'Milliseconds', 'Minutes', 'Month', 'Seconds'].flatMap(n => ['set' + n, 'setUTC' + n]);
const forms = [[], [undefined], [NaN], [5], [-1], [40], [1.9], [-1.9], ['7'], [null], [5, 6], [5, undefined], [5, NaN], [NaN, 5], [5, 6, 7], [5, 6, 7, 8], [5, 6, 7, 8, 9], [5, 6, 7, NaN], [1e10], [1e300], [Infinity], [275760], [-271821], [2024, 1, 30], [-0.5], [true], [29, 1]];
for (const key of setters) {
  check(key, () => forms.map(a => { const d = new Date(1591234567891); return [d[key](...a), d.getTime()]; }));
  check(key + ': of NaN', () => forms.map(a => { const d = new Date(NaN); return [d[key](...a), d.getTime()]; }));
  check(key + ': order', () => { const log = []; new Date(0)[key](argument(log, 'a', 1), argument(log, 'b', 1), argument(log, 'c', 1), argument(log, 'd', 1)); return log; });
  check(key + ': receiver first', () => { const log = []; try { Date.prototype[key].call({}, argument(log, 'a', 1)); } catch (e) { log.push(e.name); } return log; });
  check(key + ': symbol', () => { const d = new Date(0); try { d[key](Symbol()); } catch (e) { return [e.name, d.getTime()]; } });
}
check('setTime', () => [[], [0], [8.64e15], [8.64e15 + 1], [NaN], [1.9], [-1.9], [-0], ['5'], [null], [undefined]].map(a => { const d = new Date(5); return [d.setTime(...a), d.getTime()]; }));
check('setYear', () => [[], [0], [99], [100], [-1], [1970.9], [NaN], ['50'], [undefined], [275761]].map(a => { const d = new Date(86400000 * 40); return [d.setYear(...a), d.getTime()]; }));
check('setYear: of NaN', () => { const d = new Date(NaN); return [d.setYear(71), d.getTime(), d.getYear()]; });
check('fields', () => [0, -1, 1591234567891, -1591234567891, 951782400000, 8.64e15, -8.64e15, 1.5].map(t => { const d = new Date(t); return ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'].flatMap(n => [d['get' + n](), d['getUTC' + n]()]).concat(d.getYear(), d.getTimezoneOffset()).join(' '); }));
check('toPrimitive', () => { const d = new Date(0); const p = Date.prototype[Symbol.toPrimitive]; return [typeof p.call(d, 'default'), typeof p.call(d, 'number'), typeof p.call(d, 'string'), typeof (d + 1), d * 1, `${d}` === String(d), d == String(d), d - 1, d > 0]; });
for (const hint of [undefined, null, 'x', '', 'Number', 1, {}, new String('number')]) check('toPrimitive ' + String(hint), () => Date.prototype[Symbol.toPrimitive].call(new Date(0), hint));
check('toPrimitive: any object', () => [Date.prototype[Symbol.toPrimitive].call({ toString: () => 's', valueOf: () => 'v' }, 'default'), Date.prototype[Symbol.toPrimitive].call({ toString: () => 's', valueOf: () => 'v' }, 'number'), Date.prototype[Symbol.toPrimitive].call({ toString: () => ({}), valueOf: () => 'v' }, 'string')]);
check('toPrimitive: none', () => Date.prototype[Symbol.toPrimitive].call({ toString: null, valueOf: () => ({}) }, 'string'));
for (const receiver of [undefined, null, 1, 'x']) check('toPrimitive: receiver ' + receiver, () => Date.prototype[Symbol.toPrimitive].call(receiver, 'number'));
check('toJSON', () => [new Date(0).toJSON(), new Date(NaN).toJSON(), Date.prototype.toJSON.call({ toISOString: () => 'mine', valueOf: () => 1 }), Date.prototype.toJSON.call({ toISOString: () => 'mine', valueOf: () => NaN }), Date.prototype.toJSON.call({ toISOString: () => 'mine', valueOf: () => 'NaN' }), JSON.stringify({ d: new Date(5) })]);
check('toJSON: no method', () => Date.prototype.toJSON.call({ valueOf: () => 1 }));
check('toJSON: null', () => Date.prototype.toJSON.call(null));
check('toJSON: order', () => { const log = []; Date.prototype.toJSON.call({ get toISOString() { log.push('toISOString'); return () => log.push('called'); }, [Symbol.toPrimitive](h) { log.push(h); return 1; } }, 'key'); return log; });
check('subclass', () => { class D extends Date { year() { return this.getUTCFullYear(); } } const d = new D(0); return [d.year(), d instanceof Date, Object.prototype.toString.call(d), new D(2020, 1, 1) instanceof D]; });
check('now', () => [typeof Date.now(), Date.now() % 1, Math.abs(Date.now() - new Date()) < 1000]);
