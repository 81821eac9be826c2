// A call that makes some objects, a text and a table, and lets go of all of them.
function call(n) {
    const seen = new Map(), list = [];
    for (let i = 0; i < 50; i++) list.push({id: i, label: "label " + (n + i), parts: [i, n]});
    for (const item of list) seen.set(item.label, item);
    return list.filter(item => seen.has(item.label)).map(item => item.label).join(",").length;
}
