local function mandelbrot(size)
    local inside = 0
    for y = 0, size - 1 do
        local ci = 2 * y / size - 1
        for x = 0, size - 1 do
            local cr = 2 * x / size - 1.5
            local zr, zi, n = 0, 0, 0
            while n < 50 and zr * zr + zi * zi <= 4 do
                local t = zr * zr - zi * zi + cr
                zi = 2 * zr * zi + ci
                zr = t
                n = n + 1
            end
            if n == 50 then inside = inside + 1 end
        end
    end
    return inside
end
print(mandelbrot(640))
