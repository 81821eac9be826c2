// Tasks that pass packets: classes, fields, methods that are overridden.
class Packet {
    constructor(link, id, kind) {
        this.link = link;
        this.id = id;
        this.kind = kind;
        this.datum = 0;
        this.data = [0, 0, 0, 0];
    }
    appendTo(queue) {
        this.link = null;
        if (queue === null) return this;
        let last = queue;
        while (last.link !== null) last = last.link;
        last.link = this;
        return queue;
    }
}
class Task {
    queue = null;
    waiting = false;
    runs = 0;
    constructor(scheduler, id, priority) {
        this.scheduler = scheduler;
        this.id = id;
        this.priority = priority;
    }
    accept(packet) {
        this.queue = packet.appendTo(this.queue);
        this.waiting = false;
    }
    take() {
        const packet = this.queue;
        if (packet !== null) this.queue = packet.link;
        return packet;
    }
    step() {
        this.runs++;
        return this.run(this.take());
    }
    run() {
        return 0;
    }
}
class Worker extends Task {
    #next = 1;
    run(packet) {
        if (packet === null) {
            this.waiting = true;
            return 0;
        }
        packet.id = this.#next = this.#next === 1 ? 2 : 1;
        packet.datum = 0;
        for (let i = 0; i < packet.data.length; i++) packet.data[i] = (packet.datum + i * this.#next) % 26;
        this.scheduler.send(packet);
        return packet.data[3];
    }
}
class Handler extends Task {
    run(packet) {
        if (packet === null) {
            this.waiting = true;
            return 0;
        }
        let sum = 0;
        for (const v of packet.data) sum += v;
        packet.id = 0;
        packet.kind = 1 - packet.kind;
        this.scheduler.send(packet);
        return super.run(packet) + sum;
    }
}
class Scheduler {
    constructor() {
        this.tasks = [];
        this.sent = 0;
    }
    add(task) {
        this.tasks.push(task);
    }
    send(packet) {
        this.sent++;
        this.tasks[packet.id].accept(packet);
    }
    schedule(steps) {
        let sum = 0;
        for (let i = 0; i < steps; i++) {
            for (const task of this.tasks) {
                if (!task.waiting || task.queue !== null) sum = (sum + task.step()) % 1000003;
            }
        }
        return sum;
    }
}
const scheduler = new Scheduler();
scheduler.add(new Worker(scheduler, 0, 1000));
scheduler.add(new Handler(scheduler, 1, 2000));
scheduler.add(new Handler(scheduler, 2, 3000));
for (let i = 0; i < 4; i++) scheduler.send(new Packet(null, 0, i & 1));
const sum = scheduler.schedule(300000);
console.log(sum, scheduler.sent, scheduler.tasks.map(t => t.runs).join(" "));
