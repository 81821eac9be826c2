for (let n = 1000; n < 10000; n++) call(n);
