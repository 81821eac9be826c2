local function a(i, j)
    return 1 / ((i + j) * (i + j + 1) / 2 + i + 1)
end
local function multiply(v, out, n, transposed)
    for i = 1, n do
        local sum = 0
        for j = 1, n do sum = sum + (transposed and a(j - 1, i - 1) or a(i - 1, j - 1)) * v[j] end
        out[i] = sum
    end
end
local function norm(n)
    local u, v, w = {}, {}, {}
    for i = 1, n do u[i], v[i], w[i] = 1, 0, 0 end
    for _ = 1, 10 do
        multiply(u, w, n, false)
        multiply(w, v, n, true)
        multiply(v, w, n, false)
        multiply(w, u, n, true)
    end
    local vv, vb = 0, 0
    for i = 1, n do
        vb = vb + u[i] * v[i]
        vv = vv + v[i] * v[i]
    end
    return math.sqrt(vb / vv)
end
print(string.format("%.9f", norm(340)))
