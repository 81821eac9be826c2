// Indices of strings: UTF-16 units, conversion of arguments, the ends.
for (const key of ['at', 'charAt', 'charCodeAt', 'codePointAt', 'indexOf', 'lastIndexOf']) checkFunction(String.prototype, key);
check('at: first', () => 'abc'.at(0));
check('at: from the end', () => 'abc'.at(-1));
check('at: beyond', () => 'abc'.at(3));
check('at: half a pair', () => '😀'.at(0));
check('at: NaN', () => 'abc'.at(NaN));
check('at: null receiver', () => String.prototype.at.call(null, 0));
check('at: converts its receiver', () => String.prototype.at.call({ toString: () => 'xyz' }, '1'));
check('charAt: beyond', () => 'abc'.charAt(9));
check('charCodeAt: beyond', () => 'abc'.charCodeAt(-1));
check('codePointAt: pair', () => '😀'.codePointAt(0));
check('codePointAt: second half', () => '😀'.codePointAt(1));
check('indexOf: empty', () => 'abc'.indexOf(''));
check('indexOf: empty from beyond', () => 'abc'.indexOf('', 9));
check('indexOf: -0', () => 'abc'.indexOf('a', -0));
check('lastIndexOf: NaN is the end', () => 'abcabc'.lastIndexOf('abc', NaN));
check('thrown by an argument', () => 'abc'.indexOf({ toString() { throw 'mine'; } }));
